"""Behaviour of the table of the quarantine on a terminal."""

import io
from pathlib import Path

from rich.console import Console
from support.quarantine import FOUND, opened

from clearward.faces.cli.quarantine_screen import show_table
from clearward.stores.quarantine.store import Item


def table(items: list[Item]) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    show_table(items, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_each_entry_has_a_row(tmp_path: Path, folder: Path) -> None:
    raw = bytes(folder) + b"/[red]\x1b[31m\xff"
    with open(raw, "wb") as file:
        file.write(b"x" * 1234)
    with opened(tmp_path / "home") as quarantine:
        record = quarantine.add(raw, FOUND)
        shown = table(list(quarantine.items()))
    assert record.identifier in shown
    assert "2026-11-23T12:00:00Z" in shown
    assert "1,234" in shown
    assert "[red]\\x1b[31m\\xff" in shown.replace("\n", "").replace(" ", "")
    assert "\x1b" not in shown
    assert "Bad" in shown


def test_damaged_and_unsettled_entries_are_told(tmp_path: Path, folder: Path) -> None:
    (folder / "bad").write_bytes(b"x")
    with opened(tmp_path / "home") as quarantine:
        record = quarantine.add(bytes(folder / "bad"), FOUND)
    shown = table(
        [
            Item("ab" * 16, None, "cut short"),
            Item(record.identifier, record, settled=False),
        ]
    )
    assert "cut short" in shown
    assert "may still be in its old place" in shown
