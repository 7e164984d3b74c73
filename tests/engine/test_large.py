"""A part too large to be held, front to back: what is trusted has no matches."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from support.windows import SHARED, WIDTH, rule
from support.yara import rules

from clearward.core.errors import LimitReached
from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine import large
from clearward.engine.budget import Budget
from clearward.engine.large import match_large
from clearward.engine.notes import Decided, Notes
from clearward.engine.result import Result
from clearward.rules.windows import Windows

YARA = rules(rule('$a = "needle"'), rule('$a = "other"', name="b"))
DATA = b"needle".rjust(3 * WIDTH) + b"other" + b"needle"


@dataclass
class Asked:
    """Stands for who asks signatures."""

    may_be_trusted: bool = True
    trusted: bool = False
    kind: str = ""
    seen: bytearray = field(default_factory=bytearray)

    def feed(self, chunk: bytes) -> None:
        self.seen += chunk

    def is_trusted(self) -> bool:
        return self.trusted

    def look(self, check: Callable[[], None]) -> None:
        check()


class Scan:
    """Matches one part."""

    def __init__(self, *, every: bool = True, seconds: float = 100) -> None:
        self.result = Result()
        self.notes = Notes(self.result, every=every, record=None)
        ticks = iter(range(1000))
        limits = Limits(seconds=seconds)
        self.budget = Budget(limits, lambda: float(next(ticks)))

    def __call__(self, data: bytes, asker: Asked | None, size: int = 0) -> bool:
        def read(offset: int, count: int) -> bytes:
            return data[offset : offset + min(count, 100)]

        content = Reader(read, size or len(data))
        windows = Windows((), YARA, window=WIDTH, overlap=SHARED)
        return match_large(content, windows, asker, self.notes, self.budget)


def test_who_asks_signatures_sees_every_byte_in_the_same_pass() -> None:
    scan, asked = Scan(), Asked()
    assert not scan(DATA, asked)
    assert asked.seen == DATA
    assert list(scan.result.rules) == [0, 1]


def test_what_is_trusted_has_no_matches() -> None:
    scan = Scan()
    assert scan(DATA, Asked(trusted=True))
    assert not scan.result.rules
    assert not scan.result.reasons


def test_without_lists_of_what_is_allowed_the_first_match_ends_the_scan() -> None:
    for asked in (None, Asked(may_be_trusted=False)):
        scan = Scan(every=False)
        with pytest.raises(Decided):
            scan(DATA + bytes(100 * WIDTH), asked)
        if asked is not None:
            assert len(asked.seen) < 10 * WIDTH


def test_of_many_matches_that_wait_the_first_of_each_rule_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large, "MOST_WAITING", 3)
    scan = Scan()
    assert not scan(b"needle" * 500 + b"other" * 50, Asked())
    assert list(scan.result.rules) == [0, 1]


def test_a_part_that_got_shorter_is_changed() -> None:
    scan = Scan()
    scan(DATA, None, size=len(DATA) + 1)
    assert scan.result.reasons is Reason.CHANGED


def test_time_ends_it() -> None:
    scan = Scan(seconds=5)
    with pytest.raises(LimitReached):
        scan(bytes(2000), Asked())
