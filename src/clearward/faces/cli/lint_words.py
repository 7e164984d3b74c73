"""Findings of the lint in words and as JSON."""

from collections import Counter
from collections.abc import Iterator

from clearward.faces.text import escaped
from clearward.linting.findings import Finding, Linted

_SAID = {
    "marking": "looks for a marking of documents",
    "probe": "matches harmless documents",
    "document-words": "can match on words that people write",
    "document-type": "can match documents as such",
    "targeting": "asks where a file is, whose, or when",
    "opaque-hash": "may stand for one file, and nobody can say which",
}
_BLOCKS, _WARNS, _END = "\x1b[1;31m", "\x1b[33m", "\x1b[0m"


def row(finding: Finding) -> dict[str, str]:
    """The object of JSON for one finding."""
    return {
        "rule": finding.rule,
        "file": finding.file,
        "why": finding.why,
        "detail": finding.detail,
    }


def line(finding: Finding, *, colours: bool) -> str:
    """One finding in one line."""
    why = finding.why
    if colours:
        why = f"{_BLOCKS if finding.blocks else _WARNS}{why}{_END}"
    place = f"{escaped(finding.file)}: {escaped(finding.rule)}"
    return f"{place}: {why}: {escaped(finding.detail)}"


def unread(linted: Linted) -> Iterator[str]:
    """What could not be judged, a line each."""
    for file, said in linted.unread:
        yield f"{escaped(file)}: not judged: {escaped(said)}"


def closing(linted: Linted) -> Iterator[str]:
    """How many there are of each kind, and what that means."""
    counts = Counter(one.why for one in linted.findings)
    for why, said in _SAID.items():
        if counts[why]:
            yield f"{why + ':':<16}{counts[why]:,}  {said}"
    yield f"{linted.flagged:,} of {linted.rules:,} rules flagged"
    if linted.blocking:
        rules = len({(one.file, one.rule) for one in linted.blocking})
        yield f"{rules:,} not to be published without a review"
