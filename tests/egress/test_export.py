"""Behaviour of the export of the ledger."""

from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.egress.check import verify
from clearward.egress.export import export
from clearward.egress.ledger import Ledger


def test_a_copy_can_be_checked_and_holds_no_secret(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path / "home"))
    ledger.open("update", "127.0.0.1:80")
    to = tmp_path / "copy"
    export(ledger.path, str(to))
    assert {one.name for one in to.iterdir()} == {"records", "head", "key.pub"}
    assert verify(str(to)) == verify(ledger.path)
    with pytest.raises(Refused, match="already"):
        export(ledger.path, str(to))


def test_there_may_be_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nothing to export"):
        export(str(tmp_path / "ledger"), str(tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()
