"""A long load of everything at once, after which nothing may have grown.

Requests of both sizes, sessions, clients that leave in the middle, clients that break
the protocol, and reloads; memory, descriptors, processes and files of the whole tree
are looked at again and again. What is there in the last third is compared with what
was there in the second: the first one is for warming up.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from rows import Plan, Row

from serving import bodies, load
from serving.rates import Case
from serving.servers import Server, stream
from serving.tree import Taken, taken

SAMPLES = 60
# How much more there may be at the end: a part, and what comes and goes.
# Workers come and go, and are larger the older they are; the broker stays.
ALLOWED = {
    "broker": (1.02, 2 << 20),
    "memory": (1.05, 24 << 20),
    "descriptors": (1.0, 12),
    "processes": (1.0, 3),
    "files": (1.0, 2),
}
_CASES = (
    Case("4 KB", "single", 6),
    Case("1 MB", "single", 2),
    Case("4 KB", "session", 4),
)
_BROKEN = (
    b"zINSTREAM\0\xff\xff\xff\xff",
    b"zINSTREAM\0\0\0\1\0half",
    b"zNOTHING\0",
    b"\0" * 100,
    b"nIDSESSION\nnPING\nPING\n",
    b"z" * 10_000,
)


def soak(plan: Plan, server: Server, seconds: float) -> tuple[Row, list[str]]:
    """Load a server for a while.

    Returns:
        What was measured, and what has grown, in words.
    """
    made = load.program(plan.folder)
    for one in bodies.SIZES:
        bodies.bodies(plan.folder, one)
    running = [
        load.begin(
            made,
            server.unix if case.unix else server.tcp,
            case.mode,
            case.connections,
            seconds * 0.88,  # it warms up for a tenth of that more
            bodies.bodies(plan.folder, case.size),
        )
        for case in _CASES
    ]
    samples = _watch(server, seconds, lambda number: _disturb(server, number))
    loads = [load.finish(one) for one in running]
    figures = {
        "requests": float(sum(one.requests for one in loads)),
        "errors": float(sum(one.errors for one in loads)),
        "wrong": float(sum(one.wrong for one in loads)),
    }
    grown = []
    for name, (part, more) in ALLOWED.items():
        then, now = _compared(samples, name)
        figures[f"{name} then"], figures[f"{name} now"] = then, now
        if now > then * part + more:
            grown.append(f"{name} grew from {then:,.0f} to {now:,.0f}")
    row = Row(f"a soak of {seconds:.0f} s", server.name, figures, "no growth")
    return row, grown


def _watch(
    server: Server, seconds: float, disturb: Callable[[int], None]
) -> list[Taken]:
    samples = []
    start = time.monotonic()
    for number in range(SAMPLES):
        disturb(number)
        left = start + (number + 1) * seconds / SAMPLES - time.monotonic()
        time.sleep(max(left, 0))
        samples.append(taken(server.process, server.rules.parent))
    return samples


def _disturb(server: Server, number: int) -> None:
    """What goes wrong beside the load."""
    with suppress(OSError), server.connect(unix=bool(number % 2)) as one:
        one.settimeout(2)
        one.sendall(_BROKEN[number % len(_BROKEN)])
        if number % 3:
            one.recv(100)
    with suppress(OSError), server.connect() as one:  # and leaves
        one.sendall(stream(bytes(1 << 20)))
    if number % 10 == 5:
        server.ask(b"zRELOAD\0")


def _compared(samples: list[Taken], name: str) -> tuple[float, float]:
    """Medians of the second and of the last third."""
    values = [float(asdict(one)[name]) for one in samples]
    third = len(values) // 3
    return statistics.median(values[third:-third]), statistics.median(values[-third:])
