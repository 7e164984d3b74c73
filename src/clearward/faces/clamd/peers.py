"""Who is at the other end of a connection, and whether anybody still is.

An end of file does not say that the client has gone: many send their request, close
that direction and wait. On a Unix socket the kernel knows the difference. On TCP it is
known for clients on this machine alone, whose own socket can be asked for; for others
the kernel is told to find out, which takes seconds.

Source: poll(2), POLLHUP; sock_diag(7); tcp(7), TCP_KEEPIDLE.
"""

import select
import socket
import struct
from contextlib import suppress
from ipaddress import ip_address

_CREDENTIALS = struct.Struct("3i")  # ucred: process, user, group

# sock_diag(7): struct nlmsghdr, then struct inet_diag_req_v2.
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBxI")
_PORTS = struct.Struct("!HH")
_COOKIE = b"\xff" * 8  # any
_BY_FAMILY = 20  # SOCK_DIAG_BY_FAMILY
_NLM_F_REQUEST = 1
_NETLINK_SOCK_DIAG = 4
_ALL_STATES = 0xFFFFFFFF
# In the answer, from its beginning: inet_diag_msg ends with uid and inode.
_INODE = slice(_HEADER.size + 68, _HEADER.size + 72)

_KEEP_SECONDS, _KEEP_TIMES = 2, 2


def tenant_of(sock: socket.socket, address: object) -> str:
    """Say whose bytes a connection brings.

    Args:
        sock: accepted.
        address: of the client, as `accept` returned it.

    Returns:
        ``uid:NUMBER`` behind a Unix socket, else ``ip:ADDRESS``.
    """
    if sock.family == socket.AF_UNIX:
        size = _CREDENTIALS.size
        raw = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        return f"uid:{_CREDENTIALS.unpack(raw)[1]}"
    return f"ip:{numeric(address)}"


def numeric(address: object) -> str:
    """Return the numeric address of a client; empty behind a Unix socket."""
    return str(address[0]) if isinstance(address, tuple) else ""


def gone(sock: socket.socket) -> bool:
    """Say whether nobody is at the other end any more, as far as that is known now.

    It is asked after the end of file was read.
    """
    poll = select.poll()
    poll.register(sock, 0)
    if poll.poll(0):  # POLLHUP or POLLERR: they need not be asked for
        return True
    if sock.family == socket.AF_UNIX:
        return False
    with suppress(OSError, ValueError):
        here, there = sock.getsockname(), sock.getpeername()
        if ip_address(there[0].partition("%")[0]).is_loopback:
            return not _held(sock.family, there, here)
    return False


def find_out(sock: socket.socket) -> None:
    """Let the kernel ask the other machine whether the client is still there."""
    if sock.family == socket.AF_UNIX:
        return
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEP_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEP_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEP_TIMES)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _held(family: int, here: tuple[str, int], there: tuple[str, int]) -> bool:
    """Say whether some process has the socket between two addresses open.

    Raises:
        OSError: the kernel cannot be asked.
    """
    pair = (*_address(family, here[0]), *_address(family, there[0]))
    ports = _PORTS.pack(here[1], there[1])
    asked = (
        _REQUEST.pack(family, socket.IPPROTO_TCP, 0, _ALL_STATES)
        + ports
        + bytes(pair)
        + bytes(4)
        + _COOKIE
    )
    head = _HEADER.pack(_HEADER.size + len(asked), _BY_FAMILY, _NLM_F_REQUEST, 1, 0)
    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG
    ) as kernel:
        kernel.settimeout(0.1)
        kernel.send(head + asked)
        answer = kernel.recv(4096)
    _, kind, _, _, _ = _HEADER.unpack_from(answer)
    # An error means that there is no such socket; without an inode nobody has it open.
    return kind == _BY_FAMILY and answer[_INODE] != bytes(4)


def _address(family: int, host: str) -> bytes:
    """Return an address in 16 bytes."""
    return socket.inet_pton(family, host.partition("%")[0]).ljust(16, b"\0")
