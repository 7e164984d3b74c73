"""Reports in folders."""

from pathlib import Path

import pytest
from support.digests import digest

from clearward.core.errors import Refused
from clearward.reputation.reports import MOST_ROWS, Database
from clearward.stores.reputation_reports import ReportFolder, files, gathered
from clearward.stores.reputation_writing import write

REPORTS = {digest(one): b"report %d" % one for one in range(5)}


def test_reports_are_named_by_what_they_are_about(tmp_path: Path) -> None:
    for one, report in REPORTS.items():
        (tmp_path / f"{one.hex()}.txt").write_bytes(report)
    assert gathered(str(tmp_path)) == REPORTS


@pytest.mark.parametrize("name", ["note.txt", digest(0).hex().upper()])
def test_other_names_and_two_reports_on_one_thing_are_refused(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / f"{digest(0).hex()}.txt").write_bytes(b"a")
    (tmp_path / name).write_bytes(b"b")
    with pytest.raises(Refused):
        gathered(str(tmp_path))


def test_a_report_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / digest(0).hex()).write_bytes(bytes(MOST_ROWS + 1))
    with pytest.raises(Refused, match="too large"):
        gathered(str(tmp_path))
    with pytest.raises(Refused):
        gathered(str(tmp_path / "none"))


def test_damage_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "database"
    database = Database.of(REPORTS)
    write(str(folder), files(database))
    found = ReportFolder.open(str(folder))
    assert (found.index, found.matrix) == (database.index, database.matrix)
    for name in ("index", "hint", "matrix"):
        good = (folder / name).read_bytes()
        (folder / name).write_bytes(good[:-1])
        with pytest.raises(Refused):
            ReportFolder.open(str(folder))
        (folder / name).write_bytes(good)
    (folder / "hint").write_bytes(bytes(len(database.hint)))
    with pytest.raises(Refused):
        ReportFolder.open(str(folder))
