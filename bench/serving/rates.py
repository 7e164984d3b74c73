"""Requests a second and how long they take, beside clamd, in turns in one run."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from clamd import CLAMD
from rows import Plan, Row

from serving import bodies, load, servers
from serving.servers import Server

CONNECTIONS = (1, 4, 16, 64)
SECONDS = {"4 KB": 3.0, bodies.REPEATED: 3.0, "1 MB": 6.0}
GOAL = "3 x clamd; p99 at most clamd's median at 16"


@dataclass(frozen=True, slots=True)
class Case:
    """One load.

    Attributes:
        size: name of a size of bodies.
        mode: a connection for each request, or sessions.
        connections: at once.
        unix: over the Unix socket, else TCP.
    """

    size: str
    mode: str
    connections: int
    unix: bool = True

    @property
    def name(self) -> str:
        """What stands in the table."""
        way = "Unix" if self.unix else "TCP"
        mode = ", session" if self.mode == "session" else ""
        return f"INSTREAM {self.size}, {self.connections} connections, {way}{mode}"


def cases() -> Iterator[Case]:
    """Every load of the table."""
    for size in (*bodies.SIZES, bodies.REPEATED):
        for connections in CONNECTIONS:
            yield Case(size, "single", connections)
        yield Case(size, "single", 16, unix=False)
        yield Case(size, "session", 16)


def rates(plan: Plan, both: tuple[Server, ...]) -> list[Row]:
    """The table: for each load a row a server."""
    made = load.program(plan.folder)
    rows = []
    for case in cases():
        runs: dict[str, list[load.Load]] = {one.name: [] for one in both}
        for _ in range(plan.runs):
            for one in both:
                runs[one.name].append(run(made, plan.folder, one, case))
        rows += _rows(case, {name: _median(some) for name, some in runs.items()})
        print(*rows[-len(both) :], sep="\n", flush=True)
    return rows


def run(made: Path, folder: Path, server: Server, case: Case) -> load.Load:
    """One load of one server."""
    address = server.unix if case.unix else server.tcp
    running = load.begin(
        made,
        address,
        case.mode,
        case.connections,
        SECONDS[case.size],
        bodies.bodies(folder, case.size),
    )
    return load.finish(running)


def _median(runs: list[load.Load]) -> load.Load:
    """The run with the median rate."""
    return sorted(runs, key=lambda one: one.rate)[len(runs) // 2]


def _rows(case: Case, loads: dict[str, load.Load]) -> list[Row]:
    peer = loads.get("clamd")
    rows = []
    for name, one in loads.items():
        figures = {
            "requests/s": one.rate,
            "p50 ms": one.p50,
            "p99 ms": one.p99,
            "longest ms": one.longest,
            "errors": float(one.errors),
            "wrong": float(one.wrong),
            "x clamd": one.rate / peer.rate if peer and peer.rate else 0.0,
            "p99 / clamd's p50": one.p99 / peer.p50 if peer and peer.p50 else 0.0,
        }
        goal = GOAL if name != "clamd" else ""
        rows.append(Row(case.name, name, figures, goal))
    return rows


def peers(stack: ExitStack, plan: Plan, which: str = "both") -> tuple[Server, ...]:
    """The servers to compare.

    Args:
        stack: ends them.
        plan: has the rules in its folder.
        which: ``"clamd"``, ``"clearward"`` or ``"both"``; clamd where there is one.
    """
    found = []
    databases = plan.folder / "official" / "clamav"
    if which != "clearward" and CLAMD is not None and databases.exists():
        found.append(stack.enter_context(servers.clamd(plan.folder, databases)))
    if which != "clamd":
        image = plan.folder / "official.cwr"
        found.append(stack.enter_context(servers.clearward(plan.folder, image)))
    return tuple(found)
