"""Take over listening sockets that the service manager opened.

The manager binds before the server starts, so no client is refused while it starts or
restarts, and the server needs no right to bind. The sockets are the descriptors from 3
on; LISTEN_FDS says how many, LISTEN_PID for whom, LISTEN_FDNAMES what each is called:
here the name of a face.

Source: sd_listen_fds(3), systemd.socket(5).
"""

import os
import socket
from collections.abc import MutableMapping
from contextlib import ExitStack, suppress

from clearward.core.errors import Refused

FIRST = 3  # descriptor
MOST = 64
UNNAMED = "unknown"

_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)


def passed_sockets(
    environment: MutableMapping[str, str],
) -> dict[str, tuple[socket.socket, ...]]:
    """Return the sockets that are for this process, by name, in the manager's order.

    The variables are removed, so that no child takes the sockets for its own. Each
    socket does not block and is closed in children.

    Args:
        environment: usually `os.environ`.

    Raises:
        Refused: what was passed is not what can be served; all of it is closed then.
    """
    count = environment.pop("LISTEN_FDS", "")
    process = environment.pop("LISTEN_PID", "")
    names = environment.pop("LISTEN_FDNAMES", "")
    if not count or process != str(os.getpid()):
        return {}
    if not (count.isascii() and count.isdigit() and int(count) <= MOST):
        raise Refused("LISTEN_FDS is not a number of sockets that can be served")
    called = names.split(":") if names else [UNNAMED] * int(count)
    with ExitStack() as stack:
        found: dict[str, tuple[socket.socket, ...]] = {}
        taken = [_take(descriptor) for descriptor in range(FIRST, FIRST + int(count))]
        for one in filter(None, taken):
            stack.enter_context(one)
        if not all(taken):
            raise Refused("a descriptor that was passed is not a socket")
        if len(called) != len(taken):
            raise Refused("LISTEN_FDNAMES does not name as many sockets as were passed")
        for name, one in zip(called, filter(None, taken), strict=True):
            _check(one)
            found[name] = (*found.get(name, ()), one)
        stack.pop_all()
    return found


def _take(descriptor: int) -> socket.socket | None:
    """Return the socket of a descriptor; what is none is closed."""
    try:
        one = socket.socket(fileno=descriptor)
    except OSError:
        with suppress(OSError):
            os.close(descriptor)
        return None
    one.set_inheritable(False)
    one.settimeout(0.0)
    return one


def _check(one: socket.socket) -> None:
    """Refuse what no client can connect to."""
    listens = 0
    with suppress(OSError):  # some kinds of sockets do not even know the question
        listens = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    if not listens or one.type != socket.SOCK_STREAM or one.family not in _FAMILIES:
        raise Refused("a socket that was passed does not listen for streams")
