"""Behaviour of the table of remembered verdicts on a terminal."""

import io
from datetime import UTC, datetime

from rich.console import Console

from clearward.faces.cli.cache_screen import show_table
from clearward.stores.verdicts.inventory import Inventory, Share


def test_each_rules_have_a_row() -> None:
    console = Console(file=io.StringIO(), width=100, color_system=None)
    used = datetime(2026, 11, 23, tzinfo=UTC)
    show_table(Inventory((Share("ab" * 32, 1234, used),)), console)
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "abababababababab" in shown
    assert "1,234" in shown
    assert "2026-11-23" in shown
