"""How long workers go on with what nobody waits for any more.

As many clients as there are workers send something that takes seconds, and leave. Then
one asks for something small: what it waits is how long no worker was free.
"""

import gzip
import os
import time
from contextlib import ExitStack

from rows import Plan, Row

from serving.servers import Server, stream

BOMB = 2 << 30  # bytes of zeros
TIMES = 5
_BEGUN = 0.7  # seconds after which workers are at it


def leaving(plan: Plan, server: Server, workers: int) -> Row:
    """Milliseconds from the moment the clients leave until another is answered."""
    request = stream(_bomb(plan))
    usual = sorted(_timed(server) for _ in range(TIMES))[TIMES // 2]
    waited = []
    for _ in range(TIMES):
        with ExitStack() as stack:
            for _ in range(workers):
                one = stack.enter_context(server.connect())
                one.sendall(request)
            time.sleep(_BEGUN)
        waited.append(_timed(server))
    figures = {
        "ms usual": usual * 1e3,
        "ms after leaving": sorted(waited)[TIMES // 2] * 1e3,
        "ms longest": max(waited) * 1e3,
    }
    goal = "100 ms more than usual"
    return Row("a client that leaves", server.name, figures, goal)


def _timed(server: Server) -> float:
    # Never the same twice: what is remembered needs no worker.
    request = stream(b"something small " + os.urandom(8).hex().encode())
    start = time.monotonic()
    if server.ask(request) != b"stream: OK\0":
        raise RuntimeError(f"{server.name}: something small is not OK")
    return time.monotonic() - start


def _bomb(plan: Plan) -> bytes:
    place = plan.folder / "leaving.gz"
    if not place.exists():
        with gzip.open(place, "wb", compresslevel=9) as file:
            for _ in range(BOMB >> 20):
                file.write(bytes(1 << 20))
    return place.read_bytes()
