"""`clearward prove`: attack a real worker and show the answers."""

import json as json_text
import sys
from collections import Counter

import typer

from clearward.core.errors import Refused
from clearward.faces.cli.options import Json, Rules
from clearward.faces.text import escaped


def prove(json: Json = False, rules: Rules = None) -> None:
    """Attack a real worker from inside and show what the kernel answered.

    Exits with 0 only if everything was blocked.
    """
    # Imported here so that --help does not pay for it.
    from clearward.wiring import RuleChoice, ScanChoice, Scanner

    blocked: Counter[bool] = Counter()
    choice = ScanChoice(attacks=True, require="D")
    with Scanner(RuleChoice(tuple(rules or ())), choice) as scanner:
        width = max(map(len, scanner.given.attempts), default=0)
        if not scanner.given.attempts:
            raise Refused("the jail knows no attempts")
        for tried in scanner.prove():
            blocked[tried.blocked] += 1
            if json:
                row = {
                    "attempt": tried.attempt,
                    "result": tried.result,
                    "blocked": tried.blocked,
                }
                _say(json_text.dumps(row))
            else:
                mark = "blocked" if tried.blocked else "NOT BLOCKED"
                _say(f"{tried.attempt:<{width}}  {tried.result:<10}  {mark}")
        summary = {
            "attempts": blocked.total(),
            "blocked": blocked[True],
            "protection": scanner.protection.level,
            "landlock_abi": scanner.protection.landlock,
        }
        if rules:
            summary["local_rules"] = [file.label for file in scanner.local_files()]
        local = ", ".join(escaped(one.label) for one in scanner.local_files())
        rules_in_force = f"{scanner.table.count:,} rules in force"
        missing = ", ".join(scanner.protection.missing)
    if json:
        _say(json_text.dumps({"summary": summary}))
    else:
        _say(f"{summary['blocked']} of {summary['attempts']} blocked")
        _say(
            f"protection {summary['protection']}"
            + (f", missing: {missing}" * bool(missing))
        )
        _say(rules_in_force + f", also from {local}" * bool(local))
    raise typer.Exit(1 if blocked[False] else 0)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
