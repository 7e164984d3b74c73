"""Behaviour of what is said about a quarantined file."""

from pathlib import Path

import pytest
from support.quarantine import FOUND, opened

from clearward.faces.cli.quarantine_words import details, line, row, rows_of
from clearward.stores.quarantine.record import Found
from clearward.stores.quarantine.store import Item


@pytest.fixture(name="item")
def fixture_item(tmp_path: Path, folder: Path) -> Item:
    (folder / "bad").write_bytes(b"x")
    with opened(tmp_path / "home") as quarantine:
        record = quarantine.add(bytes(folder / "bad"), FOUND)
        return quarantine.show(record.identifier)


def test_a_row_says_why(item: Item) -> None:
    said = row(item)
    assert said["rules"] == [{"name": "Bad", "origin": "local"}]
    assert said["by"] == "scan"
    assert said["state"] == "kept"
    assert "path_b64" not in said
    assert details(item)["rules_sha256"] == "ab" * 32


def test_an_entry_that_is_not_settled_is_told(item: Item) -> None:
    waiting = Item(item.identifier, item.record, settled=False)
    assert row(waiting)["state"] == "unsettled"
    assert "old place" in line(waiting)
    assert "old place" in "\n".join(rows_of(waiting))


def test_a_damaged_entry_is_told() -> None:
    item = Item("ab" * 16, None, "cut \x1b short")
    assert details(item) == {
        "id": "ab" * 16,
        "state": "damaged",
        "detail": "cut \x1b short",
    }
    assert line(item) == f"{'ab' * 16}  damaged: cut \\x1b short"
    assert list(rows_of(item)) == [line(item)]


def test_without_rules_the_reason_is_said(tmp_path: Path, folder: Path) -> None:
    (folder / "bad").write_bytes(b"x")
    with opened(tmp_path / "home") as quarantine:
        record = quarantine.add(bytes(folder / "bad"), Found(why="looks odd"))
    assert line(Item(record.identifier, record)).endswith("bad  looks odd")
