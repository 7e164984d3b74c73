"""Lint rule sources: read what they look for, and try them on harmless documents."""

from clearward.core.errors import Refused
from clearward.linting.findings import Finding, Linted
from clearward.linting.probe import Show, probe
from clearward.linting.reading import Reading


def lint(paths: tuple[str, ...], show: Show) -> Linted:
    """Return what is wrong with the rules of some sources; the probe is part of it.

    The sources are read and the documents scanned in the jail, one beside the other.
    The kinds of findings that block are in `findings.BLOCKING`; `Linted.blocking` has
    those. What `Linted.unread` names was not judged, so it cannot be called good.

    Args:
        paths: rule files and folders; no compiled images, which have no text.
        show: is told what is done, how much of it, and of how much (0: not known).

    Raises:
        Refused: a source is missing, or of no kind that can be read.
        Unavailable: the jail could not be started.
    """
    with Reading(paths) as reading:
        tried = _tried(paths, show)
        show("reading rules", 0, 0)
        read = reading.linted()
    findings = sorted(read.findings + tried.findings, key=_Order(read, tried))
    return Linted(
        tried.rules or read.rules, tuple(findings), read.unread + tried.unread
    )


def _tried(paths: tuple[str, ...], show: Show) -> Linted:
    """Probe; sources that do not compile are still read, and said to be not tried."""
    try:
        return probe(paths, show)
    except Refused as error:
        return Linted(0, (), (("probe", str(error)),))


class _Order:
    """The order in which files and their rules were met."""

    def __init__(self, *linted: Linted) -> None:
        self._files: dict[str, int] = {}
        self._rules: dict[tuple[str, str], int] = {}
        for one in (finding for each in linted for finding in each.findings):
            self._files.setdefault(one.file, len(self._files))
            self._rules.setdefault((one.file, one.rule), len(self._rules))

    def __call__(self, finding: Finding) -> tuple[int, int, str]:
        rule = self._rules[finding.file, finding.rule]
        return self._files[finding.file], rule, finding.why
