"""What `clearward prove` does: attack a worker, and say what is in force."""

import json as json_text
import sys
from collections import Counter
from typing import Any

from clearward.core.errors import Refused
from clearward.faces.text import escaped
from clearward.jail.proof import Tried
from clearward.wiring import RuleChoice, ScanChoice, Scanner


def prove_jail(rules: tuple[str, ...], *, json: bool) -> bool:
    """Attack a worker from inside; return whether everything was blocked.

    Raises:
        Refused: a rule source cannot be used, or there is nothing to try.
        Unavailable: the jail could not be started.
    """
    blocked: Counter[bool] = Counter()
    choice = ScanChoice(attacks=True, require="D")
    with Scanner(RuleChoice(rules), choice) as scanner:
        scanner.exclusions.tell(lambda said: sys.stderr.write(f"clearward: {said}\n"))
        width = max(map(len, scanner.given.attempts), default=0)
        if not scanner.given.attempts:
            raise Refused("the jail knows no attempts")
        for tried in scanner.prove():
            blocked[tried.blocked] += 1
            _say(_row(tried) if json else _line(tried, width))
        summary = _summary(scanner, blocked)
        if rules:
            summary["local_rules"] = [file.label for file in scanner.local_files()]
        lines = _lines(scanner, summary)
    if json:
        _say(json_text.dumps({"summary": summary}))
    else:
        for line in lines:
            _say(line)
    return not blocked[False]


def _summary(scanner: Scanner, blocked: Counter[bool]) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "attempts": blocked.total(),
        "blocked": blocked[True],
        "protection": scanner.protection.level,
        "landlock_abi": scanner.protection.landlock,
    }
    excluded = sorted(scanner.exclusions.now())
    return {**summary, "exclusions": excluded} if excluded else summary


def _lines(scanner: Scanner, summary: dict[str, Any]) -> list[str]:
    """Put the summary into lines."""
    missing = ", ".join(scanner.protection.missing)
    local = ", ".join(escaped(one.label) for one in scanner.local_files())
    lines = [
        f"{summary['blocked']} of {summary['attempts']} blocked",
        f"protection {summary['protection']}" + f", missing: {missing}" * bool(missing),
        f"{scanner.table.count:,} rules in force"
        + f", also from {local}" * bool(local),
    ]
    if "exclusions" in summary:
        lines.append(f"left out of verdicts: {', '.join(summary['exclusions'])}")
    return lines


def _row(tried: Tried) -> str:
    fields = {"attempt": tried.attempt, "result": tried.result}
    return json_text.dumps({**fields, "blocked": tried.blocked})


def _line(tried: Tried, width: int) -> str:
    mark = "blocked" if tried.blocked else "NOT BLOCKED"
    return f"{tried.attempt:<{width}}  {tried.result:<10}  {mark}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
