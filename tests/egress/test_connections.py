"""Behaviour of the list of connections over a damaged ledger."""

from pathlib import Path

from clearward.egress.connections import connections
from clearward.egress.ledger import Ledger


def test_a_damaged_record_is_passed_over_and_counted(tmp_path: Path) -> None:
    ledger = Ledger(str(tmp_path))
    for _ in range(3):
        ledger.open("update", "127.0.0.1:80")
    records = Path(ledger.path) / "records"
    lines = records.read_bytes().splitlines(keepends=True)
    records.write_bytes(lines[0] + b"damaged\n" + lines[2] + b"torn")
    told = connections(ledger.path)
    assert [one.opened.seq for one in told.connections] == [1, 3]
    assert told.damaged == 2


def test_there_may_be_none(tmp_path: Path) -> None:
    assert connections(str(tmp_path / "ledger")).connections == []
