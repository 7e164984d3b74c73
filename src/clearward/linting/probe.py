"""Try rules on harmless documents: a rule against malware matches none of them.

The documents are made here, and scanned in the jail like any file. It does not matter
how a rule is written, only what it does; what it looks for has to be among the
documents, though.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.reasons import words
from clearward.core.verdict import Outcome
from clearward.jail.broker import Entry, admit
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Job
from clearward.linting.documents.collection import documents
from clearward.linting.documents.document import Written
from clearward.linting.findings import PROBE, Finding, Linted
from clearward.stores.durable import write_all
from clearward.wiring import RuleChoice, ScanChoice, Scanner

Show = Callable[[str, int, int], None]
_STEP = 64  # documents between two words about it


@dataclass(slots=True)
class _Matched:
    """What a rule has matched.

    Attributes:
        first: name of the first document.
        count: how many.
    """

    first: str
    count: int = 0


def probe(paths: tuple[str, ...], show: Show) -> Linted:
    """Return the rules of some sources that match harmless documents.

    Args:
        paths: rule files, folders and compiled images.
        show: is told what is done, how much of it, and of how much (0: not known).

    Raises:
        Refused: a source cannot be used.
        Unavailable: the jail could not be started.
    """
    show("making documents", 0, 0)
    made = list(documents())
    choice = ScanChoice(require="D", job=Job.EVERY, jobs=os.cpu_count() or 1)
    with Scanner(RuleChoice(paths, defaults=False), choice) as scanner:
        trial = _Trial(scanner)
        for count, scanned in enumerate(scanner.scan(_entries(made)), 1):
            trial.take(scanned)
            if count % _STEP == 0:
                show("scanning documents", count, len(made))
        return trial.linted()


class _Trial:
    """What came of the documents so far."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._matched: dict[int, _Matched] = {}
        self._unread: list[tuple[str, str]] = []

    def take(self, scanned: Scanned) -> None:
        """Take the result for one document."""
        name = os.fsdecode(scanned.entry.path)
        for number in scanned.verdict.rules:
            matched = self._matched.setdefault(number, _Matched(name))
            matched.first = min(matched.first, name)
            matched.count += 1
        if scanned.verdict.outcome is Outcome.UNSCANNED:
            said = ", ".join(words(scanned.verdict.reasons))
            self._unread.append((f"probe: {name}", f"was not scanned: {said}"))

    def linted(self) -> Linted:
        """Return what was found, in the order of the rules."""
        findings = [self._finding(number) for number in sorted(self._matched)]
        untried = [
            (f"{file.label}{problem.place}", problem.message)
            for file, problem in self._scanner.problems()
        ]
        count = self._scanner.table.count
        return Linted(count, tuple(findings), (*untried, *self._unread))

    def _finding(self, number: int) -> Finding:
        rule = self._scanner.rules[number]
        matched = self._matched[number]
        detail = f"matches {matched.count:,} harmless documents, as {matched.first}"
        place = rule.place(self._scanner.files[rule.source].label)
        digest = self._scanner.table.digests[rule.source]
        return Finding(rule.name, place, PROBE, detail, digest)


def _entries(made: list[Written]) -> Iterator[Entry]:
    """Yield the documents as files without a place."""
    for one in made:
        descriptor = os.memfd_create("document", os.MFD_CLOEXEC)
        try:
            write_all(descriptor, one.data)
        except BaseException:
            os.close(descriptor)
            raise
        yield admit(descriptor, os.fsencode(one.name), None)
