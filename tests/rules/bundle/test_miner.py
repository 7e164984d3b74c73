"""Behaviour of the rule for coin miners."""

from rules.bundle.samples import PROSE, Case, text

CASES = {
    "Clearward_Miner_Hidden_Command": Case(
        samples=(
            text(
                "nohup ./a -o strat",
                "um+tcp://pool.example:3333 -u x --donate-l",
                "evel 1 >/dev/null 2>&1 &",
            ),
            text("./a -B -o strat", "um+ssl://pool.example:443 -u 4", "8" + "A" * 93),
        ),
        near_misses=(
            text("# the pool\nurl = str§atum+tcp://pool.example:3333\nuser = worker\n"),
            text("nohup ./server --background >/dev/null 2>&1 &\ncrontab -l\n"),
            text(
                PROSE,
                "Miners speak s§tratum+tcp:// and take --donate-level on the ",
                "command line.",
            ),
        ),
    ),
}
