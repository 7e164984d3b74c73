"""Messages to the kernel that make a network of two ends; bytes alone, no socket.

    offset  length  field
    0       4       length of the whole message
    4       2       type
    6       2       flags
    8       4       number, which the answer repeats
    12      4       0: from a process
    16              a fixed part of its type, then attributes: length, type, value,
                    each on a multiple of 4 bytes

Source: netlink(7), rtnetlink(7), linux/if_link.h, linux/veth.h.
"""

import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv4Interface

from clearward.core.errors import Malformed

_HEAD = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_LINK = struct.Struct("=BxHiII")
_ADDRESS = struct.Struct("=BBBBI")
_NEIGHBOUR = struct.Struct("=BxxxiHBB")
_NUMBER = struct.Struct("=i")

_ERROR, _NEW_LINK, _SET_LINK, _NEW_ADDRESS, _NEW_NEIGHBOUR = 2, 16, 19, 20, 28
_REQUEST, _ACK, _EXCLUSIVE, _CREATE = 0x001, 0x004, 0x200, 0x400
_UP = 0x1
_PERMANENT = 0x80  # NUD_PERMANENT: nobody is asked who has an address

# Attributes of links.
_HARDWARE, _NAME, _INFO, _NAMESPACE_OF, _FAMILIES = 1, 3, 18, 19, 26
_INFO_KIND, _INFO_DATA, _VETH_PEER = 1, 2, 1
_IPV6_ADDRESSES, _NO_ADDRESSES = 8, 1  # IFLA_INET6_ADDR_GEN_MODE, none


@dataclass(frozen=True, slots=True)
class End:
    """One end of a network of two.

    Attributes:
        name: of its interface.
        hardware: its address, 6 bytes.
        address: with the length of the network.
    """

    name: str
    hardware: bytes
    address: IPv4Interface


def new_pair(near: End, far: End, process: int) -> bytes:
    """Make both ends; the far one in the network namespace of a process."""
    bare = _LINK.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
    peer = bare + _named(far) + _attribute(_NAMESPACE_OF, _NUMBER.pack(process))
    data = _attribute(_INFO_DATA, _attribute(_VETH_PEER, peer))
    info = _attribute(_INFO, _attribute(_INFO_KIND, b"veth\0") + data)
    flags = _REQUEST | _ACK | _CREATE | _EXCLUSIVE
    return _message(_NEW_LINK, flags, bare + _named(near) + info)


def no_ipv6(index: int) -> bytes:
    """Let an interface take no address of IPv6, so that it says nothing by itself."""
    mode = _attribute(_IPV6_ADDRESSES, bytes([_NO_ADDRESSES]))
    families = _attribute(_FAMILIES, _attribute(socket.AF_INET6, mode))
    bare = _LINK.pack(socket.AF_UNSPEC, 0, index, 0, 0)
    return _message(_SET_LINK, _REQUEST | _ACK, bare + families)


def switch(index: int, *, on: bool) -> bytes:
    """Switch an interface on, or off."""
    bare = _LINK.pack(socket.AF_UNSPEC, 0, index, _UP if on else 0, _UP)
    return _message(_NEW_LINK, _REQUEST | _ACK, bare)


def address(index: int, end: End) -> bytes:
    """Give an interface its address."""
    packed = end.address.packed
    length = end.address.network.prefixlen
    bare = _ADDRESS.pack(socket.AF_INET, length, 0, 0, index)
    both = _attribute(1, packed) + _attribute(2, packed)  # IFA_ADDRESS, IFA_LOCAL
    flags = _REQUEST | _ACK | _CREATE | _EXCLUSIVE
    return _message(_NEW_ADDRESS, flags, bare + both)


def neighbour(index: int, other: End) -> bytes:
    """Say whose hardware the other end is, so that nobody has to ask (ARP)."""
    bare = _NEIGHBOUR.pack(socket.AF_INET, index, _PERMANENT, 0, 0)
    both = _attribute(1, other.address.packed) + _attribute(2, other.hardware)
    flags = _REQUEST | _ACK | _CREATE | _EXCLUSIVE
    return _message(_NEW_NEIGHBOUR, flags, bare + both)


def error_of(answer: bytes) -> int:
    """Return the errno that an answer says; 0 if it was done.

    Raises:
        Malformed: it is no answer.
    """
    if len(answer) < _HEAD.size + _NUMBER.size:
        raise Malformed("netlink", len(answer), "length")
    _, kind, *_ = _HEAD.unpack_from(answer)
    if kind != _ERROR:
        raise Malformed("netlink", 4, "type")
    return -int(_NUMBER.unpack_from(answer, _HEAD.size)[0])


def _named(end: End) -> bytes:
    name = _attribute(_NAME, end.name.encode("ascii") + b"\0")
    return name + _attribute(_HARDWARE, end.hardware)


def _attribute(kind: int, value: bytes) -> bytes:
    padding = bytes(-len(value) % 4)
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(value), kind) + value + padding


def _message(kind: int, flags: int, content: bytes) -> bytes:
    return _HEAD.pack(_HEAD.size + len(content), kind, flags, 1, 0) + content
