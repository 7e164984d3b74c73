"""Take out of a verdict what the user has excluded, and nothing else with it.

A scan ends at its first match. So where all that it reports is excluded, the file is
looked at once more for every match: what else matches stays found, and what else was
not looked at stays unscanned. What becomes clean here is marked as such, and nobody
remembers it as clean.

All of this happens beside the verdict of the jail and never in it: a worker does not
know what is excluded. Source: docs/decisions/0030-exclusions.md.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from clearward.core.exclusion import DIGEST, Excluded
from clearward.core.limits import MIB
from clearward.core.names import RuleName
from clearward.core.verdict import Verdict
from clearward.jail.broker import OpenFile

# Whoever waits for a server or the guard waits for this as well. What is larger cannot
# be excluded by its digest, and stays found.
MOST_HASHED = 64 * MIB  # bytes
_PIECE = 1 * MIB


class Exclusions(Protocol):
    """What is excluded now."""

    def now(self) -> Mapping[str, int]:
        """Names of rules, and digests of files in hexadecimal, with when that ends."""


class Nothing:
    """Nothing is excluded."""

    def now(self) -> Mapping[str, int]:
        """Return nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a verdict.

    Attributes:
        verdict: without what is excluded.
        excluded: what that was; if there is any, a clean verdict is not remembered.
        again: the file has to be looked at once more, for every match.
    """

    verdict: Verdict
    excluded: tuple[Excluded, ...] = ()
    again: bool = False


class Excluding:
    """Takes exclusions out of verdicts.

    Args:
        rules: those in force, by number.
        exclusions: asked each time that something was found.
    """

    def __init__(
        self, rules: Sequence[RuleName] = (), exclusions: Exclusions | None = None
    ) -> None:
        self._rules = rules
        self._exclusions = exclusions if exclusions is not None else Nothing()

    def leave(self, file: OpenFile, verdict: Verdict, *, every: bool) -> Left:
        """Return what is left of a verdict.

        Args:
            file: still open.
            verdict: of the jail, with what is known beside it.
            every: every match of the file was asked for.
        """
        now = self._exclusions.now() if verdict.rules else {}
        if not now:
            return Left(verdict)
        excluded, rest = self._part(file, verdict, now)
        if not excluded:
            return Left(verdict)
        if rest:
            return Left(replace(verdict, rules=rest), excluded)
        if not every:
            return Left(verdict, again=True)
        if verdict.rules_cut and not excluded[0].digest:
            return Left(verdict)  # nobody knows what else matched
        return Left(replace(verdict, rules=()), excluded)

    def _part(
        self, file: OpenFile, verdict: Verdict, now: Mapping[str, int]
    ) -> tuple[tuple[Excluded, ...], tuple[int, ...]]:
        """Part the matches into what is excluded and the rest."""
        names = {number: self._rules[number].name for number in verdict.rules}
        digest = _digest(file) if any(map(DIGEST.fullmatch, now)) else ""
        if digest in now and digest:
            until = now[digest]
            told = dict.fromkeys(names.values())
            return tuple(Excluded(name, until, digest) for name in told), ()
        told = dict.fromkeys(name for name in names.values() if name in now)
        rest = tuple(number for number in verdict.rules if names[number] not in now)
        return tuple(Excluded(name, now[name]) for name in told), rest


def _digest(file: OpenFile) -> str:
    """SHA-256 of a whole file in hexadecimal; empty if it is too large or unreadable.

    It is read where the jail read it, and whoever closes the file sees whether it has
    changed meanwhile.
    """
    if file.digest:
        return file.digest.hex()
    if file.hashed or not 0 < file.size <= MOST_HASHED:
        return file.hashed
    made = hashlib.sha256()
    place = 0
    try:
        while place < file.size:
            piece = os.pread(file.descriptor, min(_PIECE, file.size - place), place)
            if not piece:
                return ""
            made.update(piece)
            place += len(piece)
    except OSError:
        return ""
    file.hashed = made.hexdigest()
    return file.hashed
