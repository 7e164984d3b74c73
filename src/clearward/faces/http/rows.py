"""Judgements as JSON, in the shape that `clearward scan --json` has."""

from collections.abc import Sequence
from typing import Any

from clearward.core.reasons import words
from clearward.core.verdict import Outcome
from clearward.service.judgement import Judgement

_WORST = (Outcome.FOUND, Outcome.UNSCANNED, Outcome.CLEAN)


def row(name: str, judgement: Judgement) -> dict[str, Any]:
    """What is said of one file."""
    told = {"excluded": [one.row() for one in judgement.excluded]}
    return {
        "name": name,
        "outcome": judgement.outcome.value,
        "rules": [
            {"name": rule.name, "origin": rule.origin} for rule in judgement.rules
        ],
        "reasons": list(words(judgement.reasons)),
        "bytes": judgement.size,
        "parts": judgement.parts,
        "ms": round(judgement.seconds * 1000, 3),
        "cached": judgement.cached,
        **(told if judgement.excluded else {}),
    }


def answer(
    names: Sequence[str],
    judgements: Sequence[Judgement],
    seconds: float,
    rules: int,
    protection: str,
) -> dict[str, Any]:
    """What is said of one request.

    Args:
        names: of the files, in their order.
        judgements: one for each.
        seconds: from the first byte of the request to the last judgement.
        rules: signatures and digests in force.
        protection: the level that was measured.
    """
    outcomes = [judgement.outcome for judgement in judgements]
    excluded = sum(bool(judgement.excluded) for judgement in judgements)
    counts = {outcome.value: outcomes.count(outcome) for outcome in Outcome}
    worst = next((each for each in _WORST if each in outcomes), Outcome.UNSCANNED)
    return {
        "outcome": worst.value,
        "files": [row(*each) for each in zip(names, judgements, strict=True)],
        "summary": {
            "files": len(judgements),
            **counts,
            "bytes": sum(judgement.size for judgement in judgements),
            "seconds": round(seconds, 3),
            "rules": rules,
            "protection": protection,
            **({"excluded": excluded} if excluded else {}),
        },
    }
