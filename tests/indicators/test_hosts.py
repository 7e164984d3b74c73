"""Hosts against what the standard library makes of them."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from clearward.indicators import hosts


@given(st.ip_addresses(v=4))
def test_addresses_are_written_as_the_library_does(
    address: ipaddress.IPv4Address,
) -> None:
    assert hosts.ipv4(str(address)) == str(address)
    padded = ".".join(f"{octet:03}" for octet in address.packed)
    assert hosts.ipv4(padded) == str(address)


@given(st.ip_addresses(v=6))
def test_long_addresses_are_written_short(address: ipaddress.IPv6Address) -> None:
    assert hosts.ipv6(address.exploded.upper()) == str(address.ipv4_mapped or address)


@given(st.text(max_size=300))
def test_any_text_is_a_host_or_none(text: str) -> None:
    value = hosts.domain(text)
    assert value is None or (value.isascii() and value == hosts.domain(value))
