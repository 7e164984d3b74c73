"""STIX patterns a second: read, written, matched; beside OASIS's validator."""

import time
from collections.abc import Callable

from rows import Plan, Row
from stix2patterns.validator import validate

from clearward.intel.pattern.matching import matches
from clearward.intel.pattern.normal import normalised
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.values import values

DIGEST = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f"
SIMPLE = f"[file:hashes.'SHA-256' = '{DIGEST}']"
COMPOUND = (
    f"([file:hashes.'SHA-256' = '{DIGEST}' AND file:name LIKE '%.exe'] FOLLOWEDBY "
    "[network-traffic:dst_ref.value IN ('198.51.100.7', '198.51.100.8') OR "
    "url:value MATCHES '^http://evil']) WITHIN 300 SECONDS"
)
_SEEN = [
    {
        "type": "observed-data",
        "number_observed": 1,
        "first_observed": "2020-01-01T00:00:00Z",
        "last_observed": "2020-01-01T00:00:01Z",
        "objects": {
            "0": {
                "type": "file",
                "name": "a.exe",
                "hashes": {"SHA-256": DIGEST},
            }
        },
    }
]
_SECONDS = 0.5


def patterns(plan: Plan) -> list[Row]:
    """Patterns a CPU second."""
    what: dict[str, Callable[[str], object]] = {
        "read": parse,
        "one text": normalised,
        "values": values,
        "match": lambda text: matches(text, _SEEN),
    }
    rows = []
    for name, text in (("one comparison", SIMPLE), ("compound", COMPOUND)):
        ours = {f"{word}/s": rate(plan, run, text) for word, run in what.items()}
        goal = "read: 20,000/s" if text is SIMPLE else ""
        rows.append(Row(f"STIX patterns, {name}", "clearward", ours, goal))
        theirs = {"read/s": rate(plan, validate, text)}
        rows.append(Row(f"STIX patterns, {name}", "stix2-patterns", theirs))
    return rows


def rate(plan: Plan, run: Callable[[str], object], text: str) -> float:
    """How often something runs in a CPU second; the middle of several."""
    rates = []
    for _ in range(plan.runs):
        count = 0
        start = time.process_time()
        while time.process_time() - start < _SECONDS:
            for _ in range(50):
                run(text)
            count += 50
        rates.append(count / (time.process_time() - start))
    return sorted(rates)[len(rates) // 2]
