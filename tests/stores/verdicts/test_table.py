"""Behaviour of the database of the store."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearward.stores.verdicts import table as module
from clearward.stores.verdicts.block import Spoiled
from clearward.stores.verdicts.table import DAY, Closed, Locked, Row, Table

PATIENCE = 0.01


@pytest.fixture(name="table")
def fixture_table(tmp_path: Path) -> Iterator[Table]:
    made = Table(str(tmp_path / "a.sqlite"))
    yield made
    made.close()


def other(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None, timeout=0)


def test_what_is_put_is_there(table: Table) -> None:
    assert table.row(5) is None
    with table.changing(PATIENCE):
        table.put(5, Row(1, 2, b"slots", 0))
        table.put(5, Row(1, 2, b"other", 0))
    assert table.row(5) == b"other"


def test_after_an_error_nothing_is(table: Table) -> None:
    def changed_halfway() -> None:
        with table.changing(PATIENCE):
            table.put(5, Row(1, 2, b"slots", 0))
            raise OSError

    with pytest.raises(OSError):
        changed_halfway()
    assert table.row(5) is None


def test_others_may_be_in_the_way(table: Table, tmp_path: Path) -> None:
    there = other(tmp_path)
    there.execute("BEGIN IMMEDIATE")
    with pytest.raises(Locked), table.changing(PATIENCE):
        pass
    assert table.row(5) is None  # readers are not kept out yet
    there.execute("ROLLBACK")
    there.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Locked):
        table.row(5)
    there.close()
    assert table.row(5) is None


def test_no_part_of_it_is_a_mapping(table: Table, tmp_path: Path) -> None:
    with table.changing(PATIENCE):
        table.put(5, Row(1, 2, b"slots", 0))
        table.row(5)
        maps = Path("/proc/self/maps").read_text("utf-8", "replace")
    assert str(tmp_path) not in maps
    assert set(os.listdir(tmp_path)) == {"a.sqlite", "a.sqlite-journal"}


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 5",
        "DROP TABLE clean",
        "DROP TABLE spaces",
    ],
)
def test_another_version_is_not_used(change: str, table: Table, tmp_path: Path) -> None:
    table.close()
    there = other(tmp_path)
    there.execute(change)
    there.close()

    def used() -> None:
        again = Table(str(tmp_path / "a.sqlite"))
        try:
            again.row(1)
            with again.changing(PATIENCE):
                again.use(1, 1, b"")
        finally:
            again.close()

    with pytest.raises(Spoiled):
        used()


def test_what_is_no_database_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(os.urandom(5000))
    with pytest.raises(Spoiled):
        Table(str(tmp_path / "a.sqlite"))


def test_a_value_as_large_as_damage_may_claim_is_not_read(
    table: Table, tmp_path: Path
) -> None:
    there = other(tmp_path)
    there.execute("INSERT INTO clean VALUES (1, 1, 1, zeroblob(5000000), 1)")
    there.close()
    with pytest.raises(Spoiled):
        table.row(1)


def test_no_more_is_kept_than_there_may_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small = tuple(
        "PRAGMA max_page_count = 10" if "max_page" in pragma else pragma
        for pragma in module._PRAGMAS  # noqa: SLF001 - a gigabyte takes too long
    )
    monkeypatch.setattr(module, "_PRAGMAS", small)
    table = Table(str(tmp_path / "a.sqlite"))

    def fill() -> None:
        with table.changing(PATIENCE):
            for number in range(20):
                table.put(number, Row(1, 2, bytes(3000), 0))

    with pytest.raises(Closed):
        fill()
    assert table.row(0) is None
    table.close()


def numbers(tmp_path: Path) -> set[int]:
    there = other(tmp_path)
    found = {number for (number,) in there.execute("SELECT number FROM clean")}
    there.close()
    return found


def test_only_the_last_spaces_are_kept(table: Table, tmp_path: Path) -> None:
    for space in range(6):
        with table.changing(PATIENCE):
            table.use(space, 1000 + space, b"")
            table.put(space, Row(space, 10**9, b"slots", 0))
    assert numbers(tmp_path) == {2, 3, 4, 5}


def test_once_a_day_what_has_expired_is_removed(table: Table, tmp_path: Path) -> None:
    with table.changing(PATIENCE):
        table.use(1, 1000, b"")
        table.put(1, Row(1, 1500, b"slots", 0))
        table.put(2, Row(1, 10**9, b"slots", 0))
    with table.changing(PATIENCE):
        table.use(1, 1000 + DAY - 1, b"")
    assert numbers(tmp_path) == {1, 2}
    with table.changing(PATIENCE):
        table.use(1, 1000 + DAY, b"")
    assert numbers(tmp_path) == {2}


def test_a_tree_out_of_order_is_found_out_once_a_day(tmp_path: Path) -> None:
    place = tmp_path / "a.sqlite"
    table = Table(str(place))
    with table.changing(PATIENCE):
        table.use(1, 1000, b"")
        for number in range(100, 1100, 100):
            table.put(number, Row(1, 10**9, bytes(3000), 0))
    table.close()
    good = place.read_bytes()
    damaged = 0
    for offset in range(4096, 2 * 4096):  # the page above all rows
        data = bytearray(good)
        data[offset] ^= 1
        place.write_bytes(data)
        there = other(tmp_path)
        try:
            said = there.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error:
            said = "damaged"
        there.close()
        if said == "ok":
            continue
        damaged += 1
        with pytest.raises(Spoiled):
            used(place)
    assert damaged > 10


def used(place: Path) -> None:
    """Use a store a day later."""
    table = Table(str(place))
    try:
        with table.changing(PATIENCE):
            table.use(1, 1000 + DAY, b"")
    finally:
        table.close()


def test_removing_gives_up_on_what_goes_round_and_round(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SWEEP_SECONDS", -1.0)
    monkeypatch.setattr(module, "_STEPS", 1)
    with pytest.raises(Spoiled), table.changing(PATIENCE):
        table.use(1, 1000, b"")
    assert table.row(1) is None
