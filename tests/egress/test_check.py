"""Behaviour of the check of the ledger: it names the first wrong record."""

import random
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.egress.check import verify
from clearward.egress.folder import public_key
from clearward.egress.ledger import Ledger
from clearward.egress.record import DIGEST, line
from clearward.updates.tree import hash_leaf


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(str(tmp_path / "home"))
    for number in range(3):
        seq = made.open("update", f"127.0.0.{number}:80", ["GET /a"], ["00"])
        made.close(seq, 100, 2000, ["11"])
    return made


def records(ledger: Ledger) -> Path:
    return Path(ledger.path) / "records"


def test_a_good_one_is_good(ledger: Ledger) -> None:
    report = verify(ledger.path)
    assert (report.wrong, report.records, report.unsigned, report.torn) == (
        None,
        6,
        0,
        0,
    )
    assert report.key == str(public_key(ledger.path))


def test_nothing_has_left_where_there_is_none(tmp_path: Path) -> None:
    assert verify(str(tmp_path / "ledger")).wrong is None


def test_cut_at_every_byte_the_first_missing_record_is_named(ledger: Ledger) -> None:
    whole = records(ledger).read_bytes()
    for length in range(len(whole)):
        records(ledger).write_bytes(whole[:length])
        report = verify(ledger.path)
        before = whole[:length].count(b"\n")
        assert (report.records, report.wrong) == (before, before + 1)
        assert report.why == (
            "is missing" if whole[:length].endswith(b"\n") or not length else "is torn"
        )


def test_the_record_of_a_changed_byte_is_named(ledger: Ledger) -> None:
    whole = records(ledger).read_bytes()
    chosen = random.Random(6)  # noqa: S311 - the same places every time
    for place in range(0, len(whole), 3):
        changed = bytearray(whole)
        changed[place] ^= 1 << chosen.randrange(8)
        records(ledger).write_bytes(changed)
        assert verify(ledger.path).wrong == whole[:place].count(b"\n") + 1


def test_a_record_taken_out_or_put_elsewhere_is_named(ledger: Ledger) -> None:
    lines = records(ledger).read_bytes().splitlines(keepends=True)
    records(ledger).write_bytes(b"".join(lines[:2] + lines[3:]))
    assert verify(ledger.path).wrong == 3
    lines[3:5] = lines[4], lines[3]
    records(ledger).write_bytes(b"".join(lines))
    assert verify(ledger.path).wrong == 4


def test_a_record_with_a_digest_that_fits_is_still_not_what_was_signed(
    ledger: Ledger,
) -> None:
    lines = records(ledger).read_bytes().splitlines(keepends=True)
    entry = lines[4][DIGEST + 1 : -1].replace(b"127.0.0.2", b"127.0.0.3")
    lines[4] = line(entry, hash_leaf(entry))
    records(ledger).write_bytes(b"".join(lines))
    report = verify(ledger.path)
    assert (report.wrong, report.why) == (
        5,
        "or a later one up to 6 is not what was signed",
    )


def test_a_torn_record_behind_the_head_is_told_and_the_rest_is_good(
    ledger: Ledger,
) -> None:
    with records(ledger).open("ab") as opened:
        opened.write(b'0123 7 {"ki')
    report = verify(ledger.path)
    assert (report.wrong, report.records, report.torn) == (None, 6, 11)


def test_a_line_behind_the_head_that_is_no_record_is_named(ledger: Ledger) -> None:
    with records(ledger).open("ab") as opened:
        opened.write(b"forged\n")
    assert verify(ledger.path).wrong == 7


@pytest.mark.parametrize("name", ["head", "key.pub"])
def test_a_head_that_is_gone_or_changed_is_told(ledger: Ledger, name: str) -> None:
    path = Path(ledger.path) / name
    data = path.read_bytes()
    path.write_bytes(data.replace(b"ledger", b"lodger"))
    assert verify(ledger.path).wrong == 0
    path.unlink()
    assert verify(ledger.path).wrong == 0


def test_no_record_is_left(ledger: Ledger) -> None:
    records(ledger).unlink()
    assert verify(ledger.path).wrong == 1


def test_a_key_of_another_host_is_not_believed(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger(str(tmp_path / "other"))
    other.open("update", "127.0.0.1:80")
    assert verify(ledger.path, public_key(other.path)).wrong == 0
    assert verify(ledger.path, public_key(ledger.path)).wrong is None


def test_a_past_that_another_key_has_signed_is_not_believed(
    ledger: Ledger, tmp_path: Path
) -> None:
    """It is whole and fits together; only the signature is not the host's."""
    other = Ledger(str(tmp_path / "other"))
    other.open("update", "127.0.0.1:80")
    for name in ("records", "head"):
        (Path(ledger.path) / name).write_bytes((Path(other.path) / name).read_bytes())
    assert verify(ledger.path).wrong == 0


def test_nothing_leaves_over_a_ledger_whose_records_are_gone(ledger: Ledger) -> None:
    records(ledger).write_bytes(records(ledger).read_bytes()[:-1])
    with pytest.raises(Refused, match="missing"):
        Ledger(str(Path(ledger.path).parent)).open("update", "127.0.0.1:80")
