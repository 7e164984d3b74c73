"""The rows of docs/benchmarks.md about the server."""

from contextlib import ExitStack

from rows import Plan, Row, compiled

from serving import leaving, reloading, silent, soak
from serving.rates import peers, rates

SOAK_SECONDS = 60.0  # here; the whole one, of ten minutes, is run by hand


def instream(plan: Plan) -> list[Row]:
    """Requests a second and how long they take, beside clamd."""
    if not _rules(plan):
        return []
    with ExitStack() as stack:
        return rates(plan, peers(stack, plan))


def standing(plan: Plan) -> list[Row]:
    """What only the server has to stand: silence, slowness, reloads, time."""
    if not _rules(plan):
        return []
    with ExitStack() as stack:
        (server,) = peers(stack, plan, "clearward")
        rows = [
            silent.silent(server),
            silent.slow(plan, server),
            reloading.reloading(plan, server),
            leaving.leaving(plan, server, workers=2),
        ]
        row, grown = soak.soak(plan, server, SOAK_SECONDS)
    print(*grown, sep="\n")
    return [*rows, row]


def _rules(plan: Plan) -> bool:
    """Make the image of the public signatures; False if they are not there."""
    databases = plan.folder / "official" / "clamav"
    if not databases.exists():
        print("the server: skipped, the group official makes its rules")
        return False
    compiled(plan, "official", databases)
    return True
