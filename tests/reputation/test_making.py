"""The same lists give the same set."""

import random

import pytest
from support.digests import digest, made, written

from clearward.reputation import labels, records
from clearward.reputation.filter_file import Filter
from clearward.reputation.labels import Label
from clearward.reputation.making import from_records


def test_the_order_of_lists_and_lines_does_not_matter() -> None:
    first, second = written(*range(40), name="b"), written(*range(20, 60), name="a")
    lines = first.splitlines(keepends=True)
    random.Random(1).shuffle(lines)  # noqa: S311 - the same every time
    one, other = made(x=first, y=second), made(y=second, x=b"".join(lines) + lines[0])
    assert (one.head, one.records, one.labels) == (
        other.head,
        other.records,
        other.labels,
    )
    assert one.filter() == other.filter()
    assert list(one.buckets()) == list(other.buckets())


def test_a_digest_of_two_lists_has_both_labels() -> None:
    one = made(x=written(1, 2, name="Trojan"), y=written(2))
    known = labels.decode(one.labels)
    assert known == (Label("x", "Trojan"), Label("y"))
    assert records.labels_of(bytes(one.records), digest(1)) == (0,)
    assert records.labels_of(bytes(one.records), digest(2)) == (0, 1)
    assert one.head.records == 3


def test_a_set_is_made_again_of_its_own_list_and_labels() -> None:
    one = made(x=written(*range(99), name="a"), y=written(5))
    again = from_records(one.records, one.labels)
    assert (again.head, again.filter()) == (one.head, one.filter())


@pytest.mark.parametrize("change", ["another name", "one more", "one less"])
def test_another_list_gives_another_set_and_filter(change: str) -> None:
    before = made(x=written(1, 2, 3))
    after = {
        "another name": made(y=written(1, 2, 3)),
        "one more": made(x=written(1, 2, 3, 4)),
        "one less": made(x=written(1, 2)),
    }[change]
    assert before.head.id != after.head.id
    assert before.filter() != after.filter()


def test_an_empty_set_has_nothing() -> None:
    one = made()
    read = Filter.parse(one.filter())
    assert (one.head.records, read.records) == (0, 0)
    assert {len(data) for data in one.buckets()} == {4}
