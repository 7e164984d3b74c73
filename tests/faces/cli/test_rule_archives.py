"""Archives of YARA rules on a command line."""

from pathlib import Path

import pytest
from support.command import clearward
from support.rule_archives import rule_tgz, rule_zip
from support.spies import MALWARE, MARKED, marked

ONE = b'rule same { strings: $a = "number one" condition: $a }'
TWO = b'rule same { strings: $a = "number two" condition: $a }'
FILES = [("base/b.yar", TWO), ("base/README", b"words"), ("base/a.yar", ONE)]


@pytest.fixture(name="place", scope="module")
def fixture_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("archives")
    (place / "base.yar.zip").write_bytes(rule_zip(FILES))
    (place / "base.YARA.tgz").write_bytes(rule_tgz(FILES))
    (place / "files").mkdir()
    (place / "files/one").write_bytes(b"number one")
    (place / "files/two").write_bytes(b"number two")
    (place / "files/clean").write_bytes(b"no number")
    return place


@pytest.mark.parametrize("name", ["base.yar.zip", "base.YARA.tgz"])
def test_a_scan_finds_with_every_file_of_an_archive(name: str, place: Path) -> None:
    rules = ("--no-default-rules", "--rules", place / name)
    ran = clearward("scan", "--json", *rules, place / "files")
    said = {name: row["outcome"] for name, row in ran.by_name().items()}
    assert said == {"one": "found", "two": "found", "clean": "clean"}


def test_rules_are_listed_with_the_file_of_the_archive(place: Path) -> None:
    archive = place / "base.yar.zip"
    rules = ("--no-default-rules", "--rules", archive)
    ran = clearward("rules", "list", "--json", *rules)
    sources = [row["source"] for row in ran.rows]
    assert sources == [f"{archive}: base/a.yar", f"{archive}: base/b.yar"]
    shown = clearward("rules", "show", "same", "--json", *rules)
    assert [row["source"] for row in shown.rows] == sources


def test_findings_name_the_file_of_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "a.yar.zip"
    spy = marked(MARKED["plain"]).encode()
    archive.write_bytes(rule_zip([("a.yar", MALWARE.encode()), ("b.yar", spy)]))
    ran = clearward("rules", "lint", archive, "--json")
    found = {(row["file"], row["rule"], row["why"]) for row in ran.rows}
    assert {
        (f"{archive}: b.yar", "spy", "marking"),
        (f"{archive}: b.yar", "spy", "probe"),
    } <= found
    assert ran.summary == {"rules": 8, "flagged": 1}


def test_a_bomb_is_one_line_and_no_scan(tmp_path: Path) -> None:
    bomb = tmp_path / "a.yar.zip"
    bomb.write_bytes(rule_zip([("a.yar", bytes(40 << 20))]))
    ran = clearward("scan", "--no-default-rules", "--rules", bomb, tmp_path)
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1
    assert b"a.yar.zip: more than 100 times as long unpacked as packed" in ran.err
