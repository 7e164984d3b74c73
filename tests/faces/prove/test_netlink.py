"""Messages to the kernel: their lengths add up, and only answers are taken for such."""

import struct
from collections.abc import Iterator
from ipaddress import IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.faces.prove import netlink
from clearward.faces.prove.netlink import End, error_of

NEAR = End("cw0", b"\x02\0\0\0\0\1", IPv4Interface("192.0.2.1/24"))
FAR = End("cw1", b"\x02\0\0\0\0\2", IPv4Interface("192.0.2.2/24"))


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        length, kind = struct.unpack_from("=HH", data)
        yield kind, data[4:length]
        data = data[length + -length % 4 :]


def test_a_pair_names_both_ends_and_where_the_far_one_is() -> None:
    message = netlink.new_pair(NEAR, FAR, 4711)
    length, kind = struct.unpack_from("=IH", message)
    assert (length, kind) == (len(message), 16)
    found = dict(attributes(message[32:]))
    assert found[3] == b"cw0\0"
    assert found[1] == NEAR.hardware
    info = dict(attributes(found[18]))
    assert info[1] == b"veth\0"
    peer = dict(attributes(info[2]))[1]
    far = dict(attributes(peer[16:]))
    assert far[3] == b"cw1\0"
    assert struct.unpack("=i", far[19]) == (4711,)


def test_every_message_says_its_own_length() -> None:
    for message in (
        netlink.no_ipv6(2),
        netlink.switch(2, on=True),
        netlink.address(2, NEAR),
        netlink.neighbour(2, FAR),
    ):
        assert struct.unpack_from("=I", message) == (len(message),)
    assert netlink.switch(2, on=True) != netlink.switch(2, on=False)
    assert FAR.address.packed in netlink.neighbour(2, FAR)


def test_an_answer_says_what_went_wrong() -> None:
    assert error_of(struct.pack("=IHHIIi", 20, 2, 0, 1, 0, -17)) == 17
    assert error_of(struct.pack("=IHHIIi", 20, 2, 0, 1, 0, 0)) == 0
    with pytest.raises(Malformed):
        error_of(struct.pack("=IHHIIi", 20, 3, 0, 1, 0, 0))


@given(st.binary(max_size=64))
def test_anything_else_is_no_answer(data: bytes) -> None:
    try:
        error_of(data)
    except Malformed:
        return
    assert struct.unpack_from("=IH", data)[1] == 2
