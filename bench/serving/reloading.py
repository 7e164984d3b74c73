"""What a reload costs those who ask meanwhile, and how much memory it takes."""

import time

from rows import Plan, Row

from serving import bodies, load
from serving.servers import Server
from serving.tree import Peak

SECONDS = 12.0
CONNECTIONS = 2  # more, and it is the queue for two processors that is measured
RELOADS = 3


def reloading(plan: Plan, server: Server) -> Row:
    """The longest request with reloads beside the longest without, and the memory."""
    made = load.program(plan.folder)
    sent = bodies.bodies(plan.folder, "4 KB")
    usual = load.finish(
        load.begin(made, server.unix, "single", CONNECTIONS, SECONDS, sent)
    )
    with Peak(server.process) as quiet:
        load.finish(load.begin(made, server.unix, "single", CONNECTIONS, 3.0, sent))
    with Peak(server.process) as peak:
        running = load.begin(made, server.unix, "single", CONNECTIONS, SECONDS, sent)
        for _ in range(RELOADS):
            time.sleep(SECONDS / (RELOADS + 1))
            if server.ask(b"zRELOAD\0") != b"RELOADING\0":
                raise RuntimeError(f"{server.name} does not reload")
        during = load.finish(running)
    figures = {
        "longest ms, usual": usual.longest,
        "longest ms, reloading": during.longest,
        "p99 ms, usual": usual.p99,
        "p99 ms, reloading": during.p99,
        "requests/s, usual": usual.rate,
        "requests/s, reloading": during.rate,
        "errors": float(during.errors + during.wrong),
        "MB before": quiet.bytes / 1e6,
        "MB most": peak.bytes / 1e6,
        "x memory": peak.bytes / quiet.bytes if quiet.bytes else 0.0,
    }
    goal = "50 ms more than usual, below 2 x memory"
    return Row(f"{RELOADS} reloads under load", server.name, figures, goal)
