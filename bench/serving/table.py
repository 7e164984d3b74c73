"""The rows of docs/benchmarks.md about the server."""

from contextlib import ExitStack

from rows import Plan, Row, compiled

from serving import leaving, reloading, silent, soak
from serving.rates import peers, rates

SOAK_SECONDS = 60.0  # here; the whole one, of ten minutes, is run by hand


def serving(plan: Plan) -> list[Row]:
    """Requests a second beside clamd, then what only the server has to stand."""
    databases = plan.folder / "official" / "clamav"
    if not databases.exists():
        print("serving: skipped, the group official makes its rules")
        return []
    compiled(plan, "official", databases)
    with ExitStack() as stack:
        both = peers(stack, plan)
        rows = rates(plan, both)
        server = both[-1]
        rows += [
            silent.silent(server),
            silent.slow(plan, server),
            reloading.reloading(plan, server),
            leaving.leaving(plan, server, workers=2),
        ]
        row, grown = soak.soak(plan, server, SOAK_SECONDS)
    print(*grown, sep="\n")
    return [*rows, row]
