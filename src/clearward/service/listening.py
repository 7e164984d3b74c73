"""Addresses that a server listens on, and who may talk to it."""

import ipaddress
import os
import socket
import stat
from contextlib import suppress
from dataclasses import dataclass, field

from typing_extensions import override

from clearward.core.errors import Refused

BACKLOG = 4096  # connections that wait to be accepted; the kernel may allow fewer
_MOST_PORT = 65_535

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens.

    Attributes:
        path: of a Unix socket; empty for TCP.
        host: a numeric address or a name.
        port: 0 lets the kernel choose.
    """

    path: str = ""
    host: str = ""
    port: int = 0

    @property
    def local(self) -> bool:
        """Nobody outside this machine reaches it."""
        if self.path or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @override
    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp:{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read ``unix:PATH`` or ``tcp:HOST:PORT``.

    Raises:
        Refused: it is neither.
    """
    kind, _, rest = text.partition(":")
    if kind == "unix" and rest and "\0" not in rest:
        return Address(path=rest)
    host, colon, port = rest.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    right = kind == "tcp" and colon and host and port.isascii() and port.isdigit()
    if not right or int(port) > _MOST_PORT:
        raise Refused(f"{text!r} is not an address: unix:PATH or tcp:HOST:PORT")
    return Address(host=host, port=int(port))


class Listeners:
    """Sockets that listen, and the names that some of them have in a folder."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._names: list[tuple[str, os.stat_result]] = []

    def listen(self, address: Address) -> list[socket.socket]:
        """Listen, without waiting; a host name may stand for several addresses.

        A Unix socket is open to everybody on this machine, as clamd's is; who must not
        use it is kept out by the rights of its folder.

        Raises:
            Refused: it is in use, or there is no right to it.
        """
        try:
            opened = self._listen_unix if address.path else self._listen_tcp
            return opened(address)
        except (OSError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no such host"
            text = f"{address}: cannot be listened on: {reason}"
            raise Refused(text) from error

    def close(self) -> None:
        """Listen no more; a name goes if nobody else has taken it since."""
        for path, then in self._names:
            with suppress(OSError):
                now = os.lstat(path)
                if (now.st_dev, now.st_ino) == (then.st_dev, then.st_ino):
                    os.unlink(path)
        self._names.clear()
        for one in self._sockets:
            one.close()
        self._sockets.clear()

    def _listen_unix(self, address: Address) -> list[socket.socket]:
        _remove_stale(address.path)
        one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._sockets.append(one)
        one.bind(address.path)
        self._names.append((address.path, os.lstat(address.path)))
        os.chmod(address.path, 0o666)  # noqa: S103 - as clamd's, see `listen`
        return [_listening(one)]

    def _listen_tcp(self, address: Address) -> list[socket.socket]:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        opened = []
        for family, _, _, _, place in found:
            # asyncio turns Nagle's algorithm off for sockets that name their protocol.
            one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            self._sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(place)
            opened.append(_listening(one))
        return opened


def _listening(one: socket.socket) -> socket.socket:
    one.listen(BACKLOG)
    one.settimeout(0)
    return one


def address_of(one: socket.socket) -> Address:
    """The address that a socket listens on."""
    place = one.getsockname()
    if one.family == socket.AF_UNIX:
        return Address(path=os.fsdecode(place) or "?")
    return Address(host=place[0], port=place[1])


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may talk to a server.

    Attributes:
        networks: from where it may be, beside this machine.
    """

    networks: tuple[Network, ...] = field(default=())

    def __call__(self, peer: str) -> bool:
        """Say whether a client may.

        Args:
            peer: its numeric address; empty behind a Unix socket.
        """
        if not peer:
            return True
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        return address.is_loopback or any(address in one for one in self.networks)


def parse_network(text: str) -> Network:
    """Read a network such as ``192.0.2.0/24``.

    Raises:
        Refused: it is none.
    """
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise Refused(f"{text!r} is not a network such as 192.0.2.0/24") from error


def _remove_stale(path: str) -> None:
    """Remove the name of a Unix socket that nobody listens on any more.

    Raises:
        Refused: somebody does, or it is something else.
    """
    try:
        kind = os.lstat(path).st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(kind):
        raise Refused(f"{path}: is there, and is no socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        try:
            one.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        except OSError as error:
            raise Refused(f"{path}: {error.strerror}") from error
        else:
            raise Refused(f"{path}: another server listens there")
