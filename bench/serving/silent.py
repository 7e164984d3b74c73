"""Connections that are open and say nothing, and clients that say a byte a second."""

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from rows import Plan, Row

from serving import bodies, load
from serving.rates import Case, run
from serving.servers import Server, stream, test_file

CONNECTIONS = 10_000
SLOW = 200
_HALF = b"zINSTREA"  # of a command


def silent(server: Server, count: int = CONNECTIONS) -> Row:
    """Memory for connections that say nothing, and whether others are still served.

    A third is over TCP, a third has said half of a command.

    Args:
        server: that is asked meanwhile.
        count: of connections.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    served(server)
    before = server.memory()
    answer = 0.0
    with ExitStack() as stack:
        start = time.monotonic()
        for number in range(count):
            one = stack.enter_context(server.connect(unix=number % 3 != 0))
            if number % 3 == 1:
                one.sendall(_HALF)
        opened = time.monotonic() - start
        try:
            served(server)  # until the last connection is accepted
            answer = served(server)
        except (OSError, RuntimeError) as error:
            print(f"{server.name} serves nobody meanwhile: {error}")
        after = server.memory()
    figures = {
        "MB more": (after - before) / 1e6,
        "s to open": opened,
        "served": float(answer > 0),
        "ms PING and EICAR": answer * 1e3,
    }
    return Row(f"{count} silent connections", server.name, figures, "200 MB more")


def served(server: Server) -> float:
    """Ask for PING and send the test file; return the seconds that took."""
    start = time.monotonic()
    pong = server.ask(b"zPING\0")
    found = server.ask(stream(test_file()), unix=False)
    marked = server.ask(stream(bodies.MARKER))
    if pong != b"PONG\0" or not (b" FOUND" in found or b"OK" in found):
        raise RuntimeError(f"{server.name}: {pong!r}, {found!r}")
    if b"Bench.Marker" not in marked:
        raise RuntimeError(f"{server.name}: {marked!r}")
    return time.monotonic() - start


def slow(plan: Plan, server: Server, count: int = SLOW) -> Row:
    """How a load fares beside clients that say a byte a second, and without them."""
    made = load.program(plan.folder)
    case = Case("4 KB", "single", 16)
    alone = run(made, plan.folder, server, case)
    with drippers(server, count):
        beside = run(made, plan.folder, server, case)
    again = run(made, plan.folder, server, case)
    usual = (alone.rate + again.rate) / 2
    figures = {
        "requests/s alone": usual,
        "requests/s beside": beside.rate,
        "beside / alone": beside.rate / usual if usual else 0.0,
        "p99 ms alone": max(alone.p99, again.p99),
        "p99 ms beside": beside.p99,
        "errors": float(beside.errors + beside.wrong),
    }
    return Row(f"{count} clients of a byte a second", server.name, figures, "1")


@contextmanager
def drippers(server: Server, count: int) -> Iterator[None]:
    """Clients that say a byte a second, some in a command and some in a stream."""
    done = threading.Event()
    request = stream(bytes(range(1, 251)))
    with ExitStack() as stack:
        sockets = [stack.enter_context(server.connect()) for _ in range(count)]
        for one in sockets[: count // 2]:
            one.sendall(request[:14])
        dripping = threading.Thread(target=_drip, args=(sockets, request, done))
        dripping.start()
        try:
            yield
        finally:
            done.set()
            dripping.join()


def _drip(sockets: list[socket.socket], request: bytes, done: threading.Event) -> None:
    place = 0
    while not done.wait(1.0):
        for number, one in enumerate(sockets):
            at = place + 14 * (number < len(sockets) // 2)
            with suppress(OSError):  # it was late, and closed
                one.sendall(request[at : at + 1])
        place += 1
