"""Two network namespaces and a cable between them.

This process is in one, a peer in the other. Nothing else is on the line, so the
kernel's counters tell all that left.

    this process, 192.0.2.1   cw0 ---- cw1   192.0.2.2, the peer (a child)

Addresses are those for documentation (RFC 5737). Neither end asks who has an address
(ARP) nor takes one of IPv6, so an idle line carries nothing. Needs root, or a kernel
that lets anybody make a user namespace.

Source: namespaces(7), user_namespaces(7), veth(4).
"""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Interface

from clearward.core.errors import ClearwardError, Refused
from clearward.faces.prove import netlink
from clearward.faces.prove.counters import Counts, interfaces, irregular
from clearward.faces.prove.netlink import End
from clearward.faces.prove.peer import Peer, counted, here, taken
from clearward.jail import kernel

NEAR = End("cw0", b"\x02\0\0\0\0\1", IPv4Interface("192.0.2.1/24"))
FAR = End("cw1", b"\x02\0\0\0\0\2", IPv4Interface("192.0.2.2/24"))
PORT = 80
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_READY = b"r"


@dataclass(frozen=True, slots=True)
class Lab:
    """This process in it.

    Attributes:
        channel: to the peer.
    """

    channel: socket.socket

    def counts(self) -> Counts:
        """What this end has carried."""
        return interfaces(_table("/proc/net/dev"))[NEAR.name]

    def elsewhere(self) -> int:
        """Bytes that left by any other interface; the loopback is one."""
        found = interfaces(_table("/proc/net/dev"))
        return sum(one.sent for name, one in found.items() if name != NEAR.name)

    def irregular(self) -> int:
        """How often TCP had to mend something, at either end of the line."""
        return irregular(here()) + irregular(counted(self.channel))

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Leave this process without any route until the block ends."""
        index = socket.if_nametoindex(NEAR.name)
        _say(netlink.switch(index, on=False))
        try:
            yield
        finally:
            _say(netlink.switch(index, on=True))
            # The kernel has forgotten it with the interface.
            _say(netlink.neighbour(index, FAR))

    def taken(self) -> tuple[bytes, ...]:
        """What each connection has sent, as the peer saw it, since this was asked."""
        return taken(self.channel)


@contextmanager
def lab(folder: str) -> Iterator[Lab]:
    """Go into a lab; there is no way back out of it.

    Args:
        folder: whose files the peer serves.

    Raises:
        Refused: this kernel, or this user, cannot make one.
    """
    _leave()
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        _be_peer(theirs, folder)
    theirs.close()
    try:
        _expect(ours)
        with _told("a network cannot be made"):
            _say(netlink.new_pair(NEAR, FAR, child))
        ours.sendall(_READY)
        _begin(NEAR, FAR)
        _expect(ours)
        yield Lab(ours)
    finally:
        ours.close()
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _be_peer(channel: socket.socket, folder: str) -> None:
    """Be the other end, and never return."""
    status = 1
    try:
        kernel.call(kernel.numbers()["unshare"], _NEW_NET)
        channel.sendall(_READY)
        _expect(channel)
        _begin(FAR, NEAR)
        with socket.create_server((str(FAR.address.ip), PORT)) as listener:
            channel.sendall(_READY)
            Peer(listener, os.path.realpath(folder)).serve(channel)
        status = 0
    except (OSError, ClearwardError) as error:
        sys.stderr.write(f"clearward: the other end: {error}\n")
    finally:
        os._exit(status)


def _leave() -> None:
    """Leave the network of the machine."""
    unshare = kernel.numbers()["unshare"]
    user, group = os.geteuid(), os.getegid()
    with _told("needs root, or user namespaces for everybody"):
        if user == 0:
            kernel.call(unshare, _NEW_NET)
            return
        kernel.call(unshare, _NEW_USER | _NEW_NET)
        for name, said in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(said)


def _begin(here: End, there: End) -> None:
    """Switch on this end of the line."""
    with _told("a network cannot be made"):
        index = socket.if_nametoindex(here.name)
        with suppress(OSError):  # a kernel without IPv6
            _say(netlink.no_ipv6(index))
        _say(netlink.address(index, here))
        _say(netlink.switch(index, on=True))
        _say(netlink.neighbour(index, there))


def _say(message: bytes) -> None:
    """Have the kernel do something.

    Raises:
        OSError: it does not.
    """
    route = socket.NETLINK_ROUTE
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, route) as link:
        link.send(message)
        error = netlink.error_of(link.recv(1 << 16))
    if error:
        raise OSError(error, os.strerror(error))


def _expect(channel: socket.socket) -> None:
    if channel.recv(1) != _READY:
        raise Refused("prove --egress: the other end of the network could not be made")


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(f"prove --egress: {what}: {error.strerror}") from error


def _table(path: str) -> str:
    with open(path, encoding="ascii") as file:
        return file.read()
