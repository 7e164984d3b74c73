"""Try the chains that were named, and say what each comes to."""

import json as json_text
from collections.abc import Callable, Sequence
from typing import Any

from clearward.faces.selftest.chain import Chain, Outcome, Tried, tried
from clearward.faces.text import escaped

NOT_BLOCKED, NOT_ABLE = 1, 2
_WORDS = {
    Outcome.BLOCKED: "blocked, as it should be",
    Outcome.NOT_BLOCKED: "NOT BLOCKED",
    Outcome.NOT_ABLE: "cannot tell",
}


def run(chains: Sequence[Chain], say: Callable[[str], None], *, json: bool) -> int:
    """Try them one after the other, and return the exit status.

    One that lets the test file through counts more than one that cannot be tried.
    """
    outcomes = []
    for chain in chains:
        found = tried(chain)
        outcomes.append(found.outcome)
        for line in [json_text.dumps(row(found))] if json else lines(found):
            say(line)
    counts = {each: outcomes.count(each) for each in Outcome}
    if json:
        summary = {
            "chains": len(outcomes),
            "blocked": counts[Outcome.BLOCKED],
            "not_blocked": counts[Outcome.NOT_BLOCKED],
            "not_able": counts[Outcome.NOT_ABLE],
        }
        say(json_text.dumps({"summary": summary}))
    if counts[Outcome.NOT_BLOCKED]:
        return NOT_BLOCKED
    return NOT_ABLE if counts[Outcome.NOT_ABLE] else 0


def row(found: Tried) -> dict[str, Any]:
    """Return what is said of a chain as an object."""
    return {
        "chain": found.name,
        "target": found.target,
        "outcome": found.outcome.value,
        "why": escaped(found.why),
        "samples": {
            name: {"fate": seen.fate.value, "said": [escaped(one) for one in seen.said]}
            for name, seen in found.seen.items()
        },
    }


def lines(found: Tried) -> list[str]:
    """Return what is said of a chain in lines."""
    made = [f"{found.name} {escaped(found.target)}: {_WORDS[found.outcome]}"]
    made.append(f"    {escaped(found.why)}")
    for name, seen in found.seen.items():
        made.append(f"    {name} file: {seen.fate.value}")
        made += [f"        {escaped(one)}" for one in seen.said]
    return made
