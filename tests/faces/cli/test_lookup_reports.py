"""Reports that are retrieved, and what that costs: an experiment."""

from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.digests import digest, made, written

from clearward.stores.reputation import files
from clearward.stores.reputation_writing import write

BAD, GOOD = digest(7).hex(), digest(70_000).hex()
SET = made(x=written(*range(30)))


def run(home: Path, *words: str | Path) -> Ran:
    return clearward("lookup", *words, environment={"CLEARWARD_HOME": str(home)})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    few = [one for one in files(SET) if "/" not in one[0]]
    write(str(tmp_path / "home" / "reputation"), few)
    (tmp_path / "texts").mkdir()
    for one in range(20):
        text = b"Report \x1b on %d\n" % one
        (tmp_path / "texts" / f"{digest(one).hex()}.txt").write_bytes(text)
    ran = run(tmp_path, "reports", tmp_path / "texts", "-o", tmp_path / "db", "--json")
    assert (ran.status, ran.summary["reports"]) == (0, 20)
    return tmp_path / "home"


def test_a_report_comes_back_with_what_it_cost(home: Path) -> None:
    ran = run(home, BAD, GOOD, "--pir", home.parent / "db", "--json")
    assert (ran.status, ran.err) == (1, b"")
    (found,) = (row["retrieved"] for row in ran.rows if "retrieved" in row)
    assert (found["digest"], found["report"]) == (BAD, "Report \x1b on 7\n")
    sizes = ("once_bytes", "query_bytes", "answer_bytes", "all_bytes")
    assert all(found[size] > 0 for size in sizes)
    assert found["once_bytes"] > found["all_bytes"]  # for so few it does not pay


def test_what_it_cost_is_said_to_people_as_well(home: Path) -> None:
    ran = run(home, BAD, "--pir", home.parent / "db", "--explain")
    assert b"Report \\x1b on 7" in ran.out
    assert b"nothing was sent" in ran.out
    assert b"retrieval (used)" in ran.out


def test_what_has_no_report_costs_the_same(home: Path) -> None:
    ran = run(home, digest(25).hex(), BAD, "--pir", home.parent / "db", "--json")
    one, other = (row["retrieved"] for row in ran.rows if "retrieved" in row)
    assert {one["report"], other["report"]} == {None, "Report \x1b on 7\n"}
    assert one["query_bytes"] == other["query_bytes"]
    assert one["answer_bytes"] == other["answer_bytes"]


@pytest.mark.parametrize("name", ["index", "hint", "matrix"])
def test_damage_is_one_line(home: Path, name: str) -> None:
    place = home.parent / "db" / name
    data = bytearray(place.read_bytes())
    if name == "matrix":  # it stays with the server, and what comes of it is checked
        data[:] = bytes(len(data))
    else:
        data[len(data) // 2] ^= 1
    place.write_bytes(data)
    ran = run(home, BAD, "--pir", home.parent / "db", "--json")
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)


def test_reports_by_other_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "note.txt").write_bytes(b"")
    ran = run(tmp_path, "reports", tmp_path / "texts", "-o", tmp_path / "db")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)
    assert not (tmp_path / "db").exists()
