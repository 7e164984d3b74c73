"""Results come in the order in which their files were met."""

import pytest

from clearward.core.reasons import Reason
from clearward.core.verdict import Verdict
from clearward.faces.clamscan import order
from clearward.faces.clamscan.order import InOrder
from clearward.faces.clamscan.walk import Item, Said
from clearward.jail.broker import Unopened
from clearward.jail.scanned import Scanned


def entry(name: bytes) -> Unopened:
    return Unopened(name, Reason.PERMISSION)


def names(results: list[Scanned | Said]) -> list[bytes]:
    return [one.path if isinstance(one, Said) else one.entry.path for one in results]


def test_what_is_early_waits_for_what_was_met_before() -> None:
    items: list[Item] = [entry(b"a"), Said(b"b", "Empty file"), entry(b"c")]
    held = InOrder(iter(items))
    first, last = held.entries()
    assert list(held.take(Scanned(last, Verdict()))) == []
    assert names(list(held.take(Scanned(first, Verdict())))) == [b"a", b"b", b"c"]
    assert list(held.rest()) == []


def test_two_files_of_one_name_are_two() -> None:
    items: list[Item] = [entry(b"a"), entry(b"a")]
    held = InOrder(iter(items))
    first, second = held.entries()
    assert list(held.take(Scanned(second, Verdict()))) == []
    assert len(list(held.take(Scanned(first, Verdict())))) == 2


def test_not_everything_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "MOST_HELD", 2)
    items: list[Item] = [entry(name) for name in (b"a", b"b", b"c", b"d")]
    held = InOrder(iter(items))
    first, *others = held.entries()
    results: list[Scanned | Said] = []
    for other in others:
        results += held.take(Scanned(other, Verdict()))
    assert names(results) == [b"b", b"c", b"d"]
    assert names(list(held.take(Scanned(first, Verdict())))) == [b"a"]


def test_lines_at_the_end_are_not_lost() -> None:
    held = InOrder(iter([Said(b"a", "Excluded")]))
    assert list(held.entries()) == []
    assert names(list(held.rest())) == [b"a"]
