"""Verdicts that a server remembers, asked in threads and told by its event loop."""

import os
from pathlib import Path

from clearward.core.reasons import Reason
from clearward.core.verdict import Verdict
from clearward.jail.broker import OpenFile, open_file
from clearward.jail.known import Passed
from clearward.jail.scanned import Scanned
from clearward.jail.tree import Choice, Walk
from clearward.service.remembered import Remembered
from clearward.stores.verdicts.memory import VerdictMemory


def remembered() -> Remembered:
    return Remembered(lambda: VerdictMemory(None, b"rules"))


def old_file(folder: Path) -> Path:
    """A file that nobody has changed lately."""
    return Path(os.__file__) if os.access(os.__file__, os.R_OK) else folder


def opened(path: Path, *, steady: bool = True) -> OpenFile:
    name = os.fsencode(path)
    entry = open_file(name, name, None, None)
    assert isinstance(entry, OpenFile)
    entry.close()
    entry.steady = steady
    return entry


def walked(one: Remembered, path: Path) -> tuple[int, int]:
    """How many files a walk passes by, and how many it opens."""
    passed: list[Passed] = []
    known = one.for_walk(passed.append)
    walk = Walk(Choice(), lambda *_: None, known)
    entries = list(walk.entries(os.fsencode(path)))
    known.close()
    for entry in entries:
        if isinstance(entry, OpenFile):
            entry.close()
    return sum(len(one.names) for one in passed), len(entries)


def test_a_clean_file_is_passed_by_once_it_is_known(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    one = remembered()
    assert walked(one, path) == (0, 1)
    one.learn(Scanned(opened(path), Verdict()))
    assert walked(one, path) == (1, 0)
    one.close()


def test_what_is_not_clean_or_not_steady_is_never_remembered(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    one = remembered()
    one.learn(Scanned(opened(path), Verdict(reasons=Reason.ENCRYPTED)))
    one.learn(Scanned(opened(path), Verdict(rules=(1,))))
    one.learn(Scanned(opened(path, steady=False), Verdict()))
    assert walked(one, path) == (0, 1)
    one.close()


def test_after_the_end_nothing_is_known(tmp_path: Path) -> None:
    path = old_file(tmp_path)
    one = remembered()
    one.learn(Scanned(opened(path), Verdict()))
    one.close()
    one.learn(Scanned(opened(path), Verdict()))
    assert walked(one, path) == (0, 1)
