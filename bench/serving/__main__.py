"""Run one part of it by hand, see the package's description."""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rows import Plan, Row

from serving import leaving, rates, reloading, silent, soak
from serving.servers import Server

PARTS = ("rates", "silent", "slow", "reload", "soak", "leaving")


def main() -> int:
    """Print the figures; 1 if the soak has found growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--server", choices=("both", "clamd", "clearward"))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=600.0, help="of a soak")
    parser.add_argument("--connections", type=int, default=silent.CONNECTIONS)
    parser.add_argument("--inputs", type=Path)
    given = parser.parse_args()
    folder = given.inputs or Path(tempfile.gettempdir()) / "clearward-bench"
    plan = Plan(folder, given.runs)
    grown: list[str] = []
    with ExitStack() as stack:
        both = rates.peers(stack, plan, given.server or "both")
        if given.part == "rates":
            rates.rates(plan, both)
            return 0
        for server in both:
            row, more = measured(given, plan, server)
            grown += more
            print(row.what, row.who, row.goal)
            for name, value in row.figures.items():
                print(f"    {name}: {value:,.2f}")
    print(*grown, sep="\n", file=sys.stderr)
    return 1 if grown else 0


def measured(
    given: argparse.Namespace, plan: Plan, server: Server
) -> tuple[Row, list[str]]:
    """One part of one server, and what has grown."""
    if given.part == "soak":
        return soak.soak(plan, server, given.seconds)
    if given.part == "silent":
        return silent.silent(server, given.connections), []
    if given.part == "slow":
        return silent.slow(plan, server), []
    if given.part == "reload":
        return reloading.reloading(plan, server), []
    workers = 12 if server.name == "clamd" else 2
    return leaving.leaving(plan, server, workers), []


if __name__ == "__main__":
    sys.exit(main())
