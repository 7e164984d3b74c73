"""Behaviour of `clearward lookup`, as a person and a program see it."""

import os
import shutil
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.digests import digest, written

TROJAN = {"name": "Trojan", "source": "bad.sha256"}
GOOD = digest(70_000).hex()
BAD = digest(7).hex()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two lists and the set of them."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "bad.sha256").write_bytes(written(*range(40), name="Trojan"))
    (folder / "worse.sha256").write_bytes(written(7, 90) + b"nothing\n")
    ran = run(folder, "build", *lists(folder), "-o", folder / "set", "--json")
    assert (ran.status, ran.err) == (0, b"")
    assert ran.summary["records"] == 42
    assert ran.summary["rejected"] == 1
    return folder


def lists(folder: Path) -> list[Path]:
    return [folder / "bad.sha256", folder / "worse.sha256"]


def run(home: Path, *words: str | Path) -> Ran:
    environment = {"CLEARWARD_HOME": str(home / "home"), "COLUMNS": "200"}
    return clearward("lookup", *words, environment=environment)


def copied(built: Path, place: Path) -> None:
    """A copy of a set without its buckets."""
    shutil.copytree(built, place, ignore=shutil.ignore_patterns("buckets"))


def rows(ran: Ran) -> list[dict[str, object]]:
    return [row for row in ran.rows if "revealed" not in row]


def test_digests_are_known_or_unknown(built: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, BAD.upper(), GOOD, "--from", built / "set", "--json")
    assert (ran.status, ran.err) == (1, b"")
    known_as = [TROJAN, {"name": "", "source": "worse.sha256"}]
    assert rows(ran) == [
        {"digest": BAD, "state": "known", "known_as": known_as},
        {"digest": GOOD, "state": "unknown", "known_as": []},
    ]
    summary = ran.summary
    assert len(summary.pop("set")) == 64
    assert summary == {
        "looked_up": 2,
        "known": 1,
        "unknown": 1,
        "undecided": 0,
        "unread": 0,
    }
    assert not (tmp_path / "home").exists()  # nothing left, so nothing was written down


def test_files_are_hashed(built: Path, tmp_path: Path) -> None:
    (tmp_path / "7").write_bytes(b"7")
    (tmp_path / "ok\x1b[2J").write_bytes(b"ok")
    ran = run(tmp_path, tmp_path / "7", tmp_path / "ok\x1b[2J", "--from", built / "set")
    assert ran.status == 1
    assert b"Trojan" in ran.out
    assert b"bad.sha256" in ran.out
    assert b"\x1b" not in ran.out
    assert run(tmp_path, GOOD, "--from", built / "set").status == 0


@pytest.mark.parametrize("known", [True, False])
def test_what_cannot_be_read_is_not_unknown(
    built: Path, tmp_path: Path, *, known: bool
) -> None:
    os.mkfifo(tmp_path / "fifo")
    subjects: list[str | Path] = [
        tmp_path / "none",
        tmp_path / "fifo",
        tmp_path,
        *[BAD] * known,
    ]
    ran = run(tmp_path, *subjects, "--from", built / "set", "--json")
    assert ran.status == (1 if known else 2)
    assert [row["state"] for row in rows(ran)][:3] == ["unread"] * 3
    assert ran.summary["unread"] == 3
    ran = run(tmp_path, *subjects, "--from", built / "set")
    assert ran.err.count(b"\n") == 3


def test_without_the_list_only_what_the_filter_has_is_not_decided(
    built: Path, tmp_path: Path
) -> None:
    copied(built / "set", tmp_path / "set")
    (tmp_path / "set" / "list").unlink()
    ran = run(tmp_path, BAD, GOOD, "--from", tmp_path / "set", "--json")
    assert ran.status == 2
    assert [row["state"] for row in rows(ran)] == ["undecided", "unknown"]


def test_buckets_of_a_folder_answer_as_the_list_does(
    built: Path, tmp_path: Path
) -> None:
    named = ("--from", built / "set", "--json")
    by_list = run(tmp_path, BAD, GOOD, *named)
    by_buckets = run(tmp_path, BAD, GOOD, *named, "--buckets", built / "set")
    assert by_buckets.status == 1
    assert by_buckets.out == by_list.out


def test_a_set_in_the_home_needs_no_name(built: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, BAD)
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)
    assert b"--from" in ran.err
    copied(built / "set", tmp_path / "home" / "reputation")
    assert run(tmp_path, BAD).status == 1


def test_explain_says_what_each_way_reveals(built: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, BAD, "--from", built / "set", "--explain", "--json")
    ways = {row["revealed"]["way"]: row["revealed"] for row in ran.rows[1:]}
    bits = {
        way: (one["used"], one["file_bits"], one["any_bits"])
        for way, one in ways.items()
    }
    assert bits == {
        "local": (True, 0, 0),
        "buckets": (False, 10, 16),
        "retrieval": (False, 0, 16),
    }
    named = ("--buckets", built / "set", "--dummies", "0")
    ran = run(tmp_path, BAD, "--from", built / "set", "--explain", *named)
    assert b"buckets (used)" in ran.out
    assert b"12.0 bits" in ran.out


def test_what_it_would_reveal_is_said_without_a_set(tmp_path: Path) -> None:
    ran = run(tmp_path, "--explain", "--json", "--dummies", "0")
    assert (ran.status, ran.err) == (0, b"")
    bits = [row["revealed"]["file_bits"] for row in ran.rows]
    assert bits == [0, 12, 0]
    assert b"10.0 bits" in run(tmp_path, "--explain").out


def test_a_set_verifies_against_its_lists_and_itself(
    built: Path, tmp_path: Path
) -> None:
    for named in ([], lists(built), lists(built)[::-1]):
        ran = run(tmp_path, "verify", built / "set", *named, "--json")
        assert (ran.status, ran.rows) == (0, [])


def test_a_planted_digest_is_found_by_whoever_has_the_list(
    built: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.sha256").write_bytes(written(*range(41), name="Trojan"))
    named = [tmp_path / "bad.sha256", lists(built)[1]]
    assert run(tmp_path, "build", *named, "-o", tmp_path / "planted").status == 0
    ran = run(tmp_path, "verify", tmp_path / "planted", *lists(built), "--json")
    assert ran.status == 1
    assert {"filter", "list", "head"} <= {row["different"] for row in ran.rows}
    # Nor does it help to serve the good list beside the planted filter.
    shutil.copytree(built / "set", tmp_path / "mixed")
    shutil.copy(tmp_path / "planted" / "filter", tmp_path / "mixed")
    ran = run(tmp_path, "verify", tmp_path / "mixed", "--json")
    assert (ran.status, ran.rows) == (1, [{"different": "filter"}])
    assert run(tmp_path, BAD, "--from", tmp_path / "mixed").status == 2


@pytest.mark.parametrize("how", ["cut", "turned", "twice"])
def test_a_list_that_is_none_is_refused_before_anything_is_built(
    built: Path, tmp_path: Path, how: str
) -> None:
    copied(built / "set", tmp_path / "set")
    good = (tmp_path / "set" / "list").read_bytes()
    wrong = {"cut": good[:-1], "turned": good[36:] + good[:36], "twice": good * 2}
    (tmp_path / "set" / "list").write_bytes(wrong[how])
    ran = run(tmp_path, "verify", tmp_path / "set")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("build", "none", "-o", "new"),
        ("build", "a/x", "b/x", "-o", "new"),
        ("build", "a/x", "-o", "a"),
        ("verify", "none"),
        ("verify", "a"),
        ("known", "--dummies", "65", BAD),
        (BAD, "--from", "http://user@host/"),
        (BAD, "--from", "ftp://host/"),
        (),
        ("--json",),
        ("known",),
    ],
)
def test_wrong_use_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_bytes(written(1))
    placed = [
        str(tmp_path / word) if word in {"none", "new", "a", "a/x", "b/x"} else word
        for word in words
    ]
    ran = run(tmp_path, *placed)
    assert ran.status == 2
    assert ran.err.count(b"\n") <= 1
    assert not (tmp_path / "new").exists()
