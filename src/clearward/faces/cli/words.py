"""One file's result, in words and as JSON."""

import base64
import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any

from clearward.core import kinds
from clearward.core.exclusion import Excluded
from clearward.core.explanation import Explanation
from clearward.core.kinds import How, Kind
from clearward.core.names import RuleName
from clearward.core.reasons import words
from clearward.core.verdict import Outcome, Verdict
from clearward.faces.cli.totals import Closing
from clearward.faces.cli.tree import tree
from clearward.faces.text import shown, utf8
from clearward.jail.explanation import decode
from clearward.jail.known import Passed
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Hostile

# What most lines are, put together without a look at every field.
_CLEAN = (
    '{"path": %s, "outcome": "clean", "rules": [], "reasons": [], "bytes": %d, '
    '"parts": %d, "ms": %.3f, "cached": false}'
)
_CACHED = (
    '%s", "outcome": "clean", "rules": [], "reasons": [], "bytes": %d, "parts": %d, '
    '"ms": 0.000, "cached": true}\n'
)
_MOST_TOLD = 5  # exclusions in one line
_MOST_SUBS = 64  # sub-signatures of a signature, by ClamAV's own limit
_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once, not for every file


def sentence(verdict: Verdict, rules: Sequence[RuleName]) -> str:
    """Say an outcome that is not clean in a few words."""
    reasons = ", ".join(words(verdict.reasons))
    if verdict.outcome is not Outcome.FOUND:
        return f"not scanned: {reasons}"
    names = ", ".join(rules[number].name for number in verdict.rules)
    more = ", and more" if verdict.rules_cut else ""
    gap = f" (not all of it was scanned: {reasons})" if reasons else ""
    return f"found {names}{more}{gap}"


def left_out(excluded: Sequence[Excluded]) -> str:
    """Say what is left out of a verdict."""
    more = len(excluded) - _MOST_TOLD
    told = ", ".join(one.words() for one in excluded[:_MOST_TOLD])
    return f"left out: {told}" + (f", and {more:,} more" if more > 0 else "")


def row(scanned: Scanned, rules: Sequence[RuleName]) -> str:
    """The line of JSON for one file."""
    verdict = scanned.verdict
    path, valid = utf8(scanned.entry.path)
    if valid and scanned.may_be_remembered and not scanned.explanation:
        return _CLEAN % (
            encode_basestring(path),
            scanned.entry.size,
            verdict.parts,
            scanned.seconds * 1000,
        )
    found = [rules[number] for number in verdict.rules]
    fields: dict[str, Any] = {
        "path": path,
        "outcome": verdict.outcome.value,
        "rules": [{"name": rule.name, "origin": rule.origin} for rule in found],
        "reasons": words(verdict.reasons),
        "bytes": scanned.entry.size,
        "parts": verdict.parts,
        "ms": round(scanned.seconds * 1000, 3),
        "cached": False,
    }
    if not valid:
        fields["path_b64"] = base64.b64encode(scanned.entry.path).decode("ascii")
    if verdict.rules_cut:
        fields["rules_cut"] = True
    if scanned.excluded:
        fields["excluded"] = [one.row() for one in scanned.excluded]
    if scanned.explanation:
        fields["explain"] = _explain(scanned, rules)
    return _encode(fields)


def cached_rows(passed: Passed) -> str:
    """The lines of JSON for files that are remembered as clean."""
    front, valid = utf8(passed.front)
    start = '{"path": ' + encode_basestring(front)[:-1]
    lines = []
    for name, mark, size in zip(
        passed.names, passed.stamps, passed.sizes(), strict=True
    ):
        parts = passed.parts[mark]
        try:
            end = encode_basestring(name.decode())[1:-1] if valid else None
        except UnicodeDecodeError:
            end = None
        if end is None:
            lines.append(_odd_row(passed.front + name, size, parts))
        else:
            lines.append(start + _CACHED % (end, size, parts))
    return "".join(lines)


def _odd_row(raw: bytes, size: int, parts: int) -> str:
    """Return the same for a path that is no UTF-8."""
    path, _ = utf8(raw)
    fields = {
        "path": path,
        "outcome": Outcome.CLEAN.value,
        "rules": [],
        "reasons": [],
        "bytes": size,
        "parts": parts,
        "ms": 0.0,
        "cached": True,
        "path_b64": base64.b64encode(raw).decode("ascii"),
    }
    return _encode(fields) + "\n"


def last_row(closing: Closing) -> str:
    """The line of JSON for the summary."""
    totals = closing.totals
    summary = {
        "files": totals.files,
        **{outcome.value: totals.outcomes[outcome] for outcome in Outcome},
        "cached": totals.cached,
        "bytes": totals.size,
        "seconds": round(closing.seconds, 3),
        "rules": closing.rules,
        "protection": closing.protection,
    }
    if closing.exclusions or totals.excluded:
        summary["excluded"] = totals.excluded
        summary["exclusions"] = closing.exclusions
    return json.dumps({"summary": summary})


def explained(scanned: Scanned, rules: Sequence[RuleName]) -> list[str]:
    """What `--explain` adds: the ways through the file as a tree, a line each."""
    found = _explain(scanned, rules)
    notes = [
        (each["path"][1:], f"{each['type']} ({each['family']}): {each['evidence']}")
        for each in found["types"]
    ]
    for match in found["matches"]:
        said = f"{match['rule']} {match['string']}".rstrip()
        if match["length"]:  # or nothing says where
            said += f" at {match['offset']}+{match['length']}"
        notes.append((match["path"][1:], said))
    notes += [
        (gap["path"][1:], f"not looked at: {gap['reason']}") for gap in found["unread"]
    ]
    notes += [
        (each["path"][1:], f"asks for {each['target']}, which was not fetched")
        for each in found["network"]
    ]
    return list(tree(notes))


def _explain(scanned: Scanned, rules: Sequence[RuleName]) -> dict[str, Any]:
    """The wide answer as plain values; empty if it is none."""
    try:
        explanation = decode(scanned.explanation, len(rules))
    except Hostile:
        return {"matches": [], "unread": [], "types": [], "network": []}
    ways = _ways(scanned.entry.path, explanation)
    matches = []
    for match in explanation.matches:
        rule = rules[match.rule]
        matches.append(
            {
                "rule": rule.name,
                "path": ways[match.place],
                "offset": match.offset,
                "length": match.length,
                "string": _called(rule, match.string),
            }
        )
    unread = [
        {"path": ways[place], "reason": reason.word}
        for place, reason in explanation.unread
    ]
    types = [
        {
            "path": ways[each.place],
            "type": each.kind.name,
            "family": kinds.family(each.kind.name),
            "evidence": _evidence(each.kind),
        }
        for each in explanation.types
    ]
    network = [
        {"path": ways[each.place], "target": shown(each.target)}
        for each in explanation.asked
    ]
    return {"matches": matches, "unread": unread, "types": types, "network": network}


def _evidence(kind: Kind) -> str:
    """Say what a kind was told by, and where in the part that stands."""
    word = kind.how.name.lower()
    if kind.how in (How.NOTHING, How.LETTERS) or not kind.evidence:
        return word
    return f"{word} {shown(kind.evidence)} at {kind.offset}"


def _called(rule: RuleName, string: int) -> str:
    """Return what a string of a rule is called: of a signature, by its number."""
    if rule.kind == "clamav" and string < _MOST_SUBS:
        return f"{string}"
    return rule.strings[string] if string < len(rule.strings) else ""


def _ways(path: bytes, explanation: Explanation) -> list[list[str]]:
    """For each place the names from the file to it, printable."""
    ways: list[list[str]] = []
    for index, place in enumerate(explanation.places):
        if index == 0:
            ways.append([shown(path)])
        else:
            ways.append([*ways[place.parent], shown(place.name)])
    return ways
