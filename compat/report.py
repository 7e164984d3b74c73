"""Compare what both sides say, count it by group, and print every difference.

Each file of a case is one verdict, which is one of:

    agrees       the same names, or the same silence
    beyond       more than clamscan 1.4.6, where ClamAV's own tests expect more of it
    silent       clamscan says OK, clearward says why it did not look: counted apart
    differs      anything else
    unreadable   clearward refuses the signatures; a difference as well

A difference is *listed* if a row of the first table of docs/compat-clamav.md names its
case: the first cell holds patterns in backquotes for `case`, or `case/input`, and
behind a blank may say for which names it holds.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path

from cases import HERE, Case
from sides import Answer, Said

PAGE = HERE.parent / "docs/compat-clamav.md"
HEADING = "| cases |"


class Kind(Enum):
    """How a verdict compares."""

    AGREES = "agrees"
    BEYOND = "beyond"
    SILENT = "silent"
    DIFFERS = "differs"
    UNREADABLE = "unreadable"

    @property
    def good(self) -> bool:
        """It counts as agreement."""
        return self in (Kind.AGREES, Kind.BEYOND)

    @property
    def bad(self) -> bool:
        """It is a difference."""
        return self in (Kind.DIFFERS, Kind.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One file of one case, and how the sides compare.

    Attributes:
        answer: of clearward; None if it refused the signatures, for `refusal`.
        live: what the clamscan of this machine says, if that is not what was recorded.
    """

    case: Case
    input: str
    kind: Kind
    expected: frozenset[str]
    answer: Answer | None = None
    refusal: str = ""
    live: frozenset[str] | None = None


def verdicts(case: Case, said: Said, live: Said | None = None) -> list[Verdict]:
    """Compare every file of a case.

    Args:
        case: one with expectations.
        said: by clearward.
        live: by the clamscan that is installed, if there is one.
    """
    found = []
    for name, expected in (case.expected or {}).items():
        answer = said.answers.get(name)
        kind = _kind(case, expected, answer)
        there = live.answers.get(name) if live else None
        other = there.names if there and there.names != expected else None
        found.append(
            Verdict(case, name, kind, expected, answer, said.refusal, live=other)
        )
    return found


def _kind(case: Case, expected: frozenset[str], answer: Answer | None) -> Kind:
    if answer is None:
        return Kind.UNREADABLE
    if _same(case, expected, answer.names):
        return Kind.SILENT if answer.reasons and not answer.names else Kind.AGREES
    if case.behind and answer.names > expected:
        return Kind.BEYOND
    return Kind.DIFFERS


def _same(case: Case, expected: frozenset[str], names: frozenset[str]) -> bool:
    """Without --allmatch clamscan names one; which one is its own affair."""
    if case.every:
        return names == expected
    return names >= expected and bool(names) == bool(expected)


def listed(page: Path = PAGE) -> tuple[str, ...]:
    """The patterns of differences that the page explains."""
    if not page.exists():
        return ()
    found: list[str] = []
    inside = False
    for line in page.read_text("utf-8").splitlines():
        if line.startswith(HEADING):
            inside = True
        elif inside and line.startswith("|"):
            found += re.findall(r"`([^`]+)`", line.split("|")[1])
        elif inside:
            break
    return tuple(found)


def is_listed(verdict: Verdict, patterns: Iterable[str]) -> bool:
    """Say whether the page explains a difference: its case, and each name in it."""
    whole = f"{verdict.case.id}/{verdict.input}"
    explained = []
    for pattern in patterns:
        cases, _, names = pattern.partition(" ")
        if fnmatchcase(whole, cases) or fnmatchcase(verdict.case.id, cases):
            explained.append(names or "*")
    if verdict.answer is None:
        return "*" in explained
    differing = verdict.expected ^ verdict.answer.names
    return bool(explained) and all(
        any(fnmatchcase(name, pattern) for pattern in explained) for name in differing
    )


def difference(verdict: Verdict, *, explained: bool) -> str:
    """What a person needs to judge a difference."""
    names = verdict.answer.names if verdict.answer else frozenset()
    lines = verdict.case.lines(verdict.expected ^ names)
    shown = [f"    {line[:400]}" for line in lines[:8]]
    if len(lines) > len(shown):
        shown.append(f"    and {len(lines) - len(shown)} lines more")
    title = f"{verdict.case.id} / {verdict.input} ({verdict.case.semantics})"
    if verdict.answer is None:
        ours = f"not readable yet: {verdict.refusal}"
    else:
        why = f", did not look: {' '.join(verdict.answer.reasons)}"
        ours = _words(names) + (why if verdict.answer.reasons else "")
    rows = [title, *shown, f"  clamscan:  {_words(verdict.expected)}"]
    if verdict.live is not None:
        rows.append(f"  this one:  {_words(verdict.live)}")
    rows += [f"  clearward: {ours}", f"  listed:    {'yes' if explained else 'NO'}"]
    return "\n".join(rows)


def _words(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "OK"


@dataclass(frozen=True, slots=True)
class Totals:
    """Verdicts, counted.

    Attributes:
        groups: for each group how many of each kind.
        unlisted: differences that no page explains.
        stale: verdicts for which this machine's clamscan is not of the recorded mind.
    """

    groups: dict[str, Counter[Kind]]
    unlisted: int
    stale: int

    def count(self, *kinds: Kind) -> int:
        """Verdicts of some kinds, all groups."""
        return sum(row[kind] for row in self.groups.values() for kind in kinds)

    @property
    def share(self) -> float:
        """Percent of agreement; what is silent is left out of it."""
        return _share(sum(self.groups.values(), Counter[Kind]()))


def total(found: Iterable[Verdict], patterns: Iterable[str]) -> Totals:
    """Count verdicts by group."""
    patterns = tuple(patterns)
    groups: dict[str, Counter[Kind]] = {}
    unlisted = stale = 0
    for verdict in found:
        groups.setdefault(verdict.case.group, Counter())[verdict.kind] += 1
        unlisted += verdict.kind.bad and not is_listed(verdict, patterns)
        stale += verdict.live is not None
    return Totals(groups, unlisted, stale)


def silences(found: Iterable[Verdict]) -> list[tuple[str, int]]:
    """Why clearward did not look where clamscan says OK, and how often."""
    reasons = Counter(
        " ".join(verdict.answer.reasons)
        for verdict in found
        if verdict.kind is Kind.SILENT and verdict.answer
    )
    return reasons.most_common()


def table(totals: Totals) -> str:
    """One line a group, and one for all."""
    width = max(map(len, totals.groups), default=5) + 2
    rows = ["group".ljust(width) + "".join(kind.value.rjust(12) for kind in Kind)]
    rows[0] += "per cent".rjust(12)
    everything: Counter[Kind] = Counter()
    for name, counts in sorted(totals.groups.items()):
        everything += counts
        rows.append(_row(name.ljust(width), counts))
    return "\n".join([*rows, _row("all".ljust(width), everything)])


def _row(name: str, counts: Counter[Kind]) -> str:
    return name + "".join(str(counts[k]).rjust(12) for k in Kind) + _percent(counts)


def _percent(counts: Counter[Kind]) -> str:
    return f"{_share(counts):12.2f}"


def _share(counts: Counter[Kind]) -> float:
    good = sum(counts[kind] for kind in Kind if kind.good)
    bad = sum(counts[kind] for kind in Kind if kind.bad)
    return 100 * good / (good + bad) if good + bad else 100.0
