"""Behaviour of telling public addresses from others."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.egress.addresses import is_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_these_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254"),  # noqa: S104 - never bound
        *("172.16.0.1", "192.168.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fc00::1", "fe80::1", "fe80::1%eth0", "ff02::1"),
        *("::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::1", "2001::1"),
        *("", "localhost", "8.8.8"),
    ],
)
def test_these_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.integers(0, (1 << 32) - 1))
def test_what_carries_an_address_is_no_more_public_than_it(number: int) -> None:
    inside = is_public(str(IPv4Address(number)))
    assert is_public(str(IPv6Address((0x64FF9B << 96) | number))) == inside
    assert is_public(str(IPv6Address((0x2002 << 112) | (number << 80)))) == inside
    assert not is_public(str(IPv6Address((0xFFFF << 32) | number)))


@given(st.text(max_size=40))
def test_whatever_is_given_is_answered(text: str) -> None:
    assert is_public(text) in {True, False}
