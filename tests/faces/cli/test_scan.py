"""Behaviour of `clearward scan`, run as a person runs it."""

import gzip
import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest
from support.command import clearward
from support.containers import in_zip
from support.marks import EICAR, MARK


def test_the_three_outcomes_and_the_summary(folder: Path, rules: Path) -> None:
    (folder / "clean.txt").write_bytes(b"nothing")
    (folder / "found.txt").write_bytes(b"..." + MARK)
    (folder / "cut.gz").write_bytes(gzip.compress(os.urandom(500))[:-20])
    ran = clearward("scan", "--json", "--rules", rules, folder)
    rows = ran.by_name()
    assert rows["clean.txt"]["outcome"] == "clean"
    assert rows["found.txt"]["outcome"] == "found"
    assert rows["found.txt"]["rules"] == [{"name": "mark", "origin": "local"}]
    assert rows["cut.gz"]["outcome"] == "unscanned"
    assert rows["cut.gz"]["reasons"] == ["truncated"]
    assert ran.summary["files"] == 3
    assert (ran.summary["clean"], ran.summary["found"]) == (1, 1)
    assert ran.summary["unscanned"] == 1
    assert ran.summary["protection"] in "AB"
    assert (ran.status, ran.err) == (1, b"")


def test_every_row_has_the_fields_of_the_contract(folder: Path, rules: Path) -> None:
    (folder / "a.zip").write_bytes(in_zip(MARK))
    (row,) = clearward("scan", "--json", "--rules", rules, folder / "a.zip").rows
    assert set(row) == {
        *("path", "outcome", "rules", "reasons", "bytes", "parts", "ms", "cached")
    }
    assert row["bytes"] == (folder / "a.zip").stat().st_size
    assert row["parts"] == 2
    assert row["cached"] is False


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"nothing", 0, id="all clean"),
        pytest.param(MARK, 1, id="something found"),
        pytest.param(gzip.compress(b"x" * 99)[:-5], 2, id="something unscanned"),
    ],
)
def test_the_status_says_the_outcome(
    folder: Path, rules: Path, content: bytes, status: int
) -> None:
    (folder / "file").write_bytes(content)
    assert clearward("scan", "--rules", rules, folder).status == status


def test_the_test_file_is_found_by_default_and_not_without_defaults(
    folder: Path, rules: Path
) -> None:
    (folder / "eicar.com").write_bytes(EICAR)
    ran = clearward("scan", "--json", folder)
    assert ran.rows[0]["rules"] == [{"name": "Eicar-Test-File", "origin": "builtin"}]
    bare = clearward("scan", "--json", "--no-default-rules", "--rules", rules, folder)
    assert bare.rows[0]["outcome"] == "clean"
    assert bare.summary["rules"] == 1


def test_a_mark_is_found_through_several_containers(folder: Path, rules: Path) -> None:
    inner = in_zip(gzip.compress(MARK))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as archive:
        member = tarfile.TarInfo("inner.zip")
        member.size = len(inner)
        archive.addfile(member, io.BytesIO(inner))
    (folder / "nested").write_bytes(out.getvalue())
    assert clearward("scan", "--rules", rules, folder).status == 1


def test_digest_lists_find_files_and_members(folder: Path, tmp_path: Path) -> None:
    content = b"known content"
    (folder / "a").write_bytes(content)
    (folder / "b.gz").write_bytes(gzip.compress(content))
    for kind in ("md5", "sha1", "sha256"):
        digest = hashlib.new(kind, content).hexdigest().upper()
        listed = tmp_path / f"list.{kind}"
        listed.write_text(f"# a comment\n\n{digest}  Known.{kind}\n")
        ran = clearward(
            "scan", "--json", "--no-default-rules", "--rules", listed, folder
        )
        assert [row["rules"][0]["name"] for row in ran.rows] == [f"Known.{kind}"] * 2


def test_all_matches_lists_every_rule(folder: Path, tmp_path: Path) -> None:
    several = tmp_path / "several.yar"
    several.write_text("".join(f"rule r{n} {{ condition: true }}\n" for n in range(3)))
    (folder / "file").write_bytes(b"x")
    arguments = ("scan", "--json", "--no-default-rules", "--rules", several)
    one = clearward(*arguments, folder)
    every = clearward(*arguments, "--all-matches", folder)
    assert len(one.rows[0]["rules"]) == 1
    assert [rule["name"] for rule in every.rows[0]["rules"]] == ["r0", "r1", "r2"]


def test_more_than_1024_matches_are_cut_and_said(folder: Path, tmp_path: Path) -> None:
    many = tmp_path / "many.yar"
    many.write_text("".join(f"rule r{n} {{ condition: true }}\n" for n in range(1030)))
    (folder / "file").write_bytes(b"x")
    ran = clearward("scan", "--json", "--rules", many, "--all-matches", folder)
    assert len(ran.rows[0]["rules"]) == 1024
    assert ran.rows[0]["rules_cut"] is True


def test_explain_shows_the_way_to_a_match_and_is_recorded(
    folder: Path, rules: Path, tmp_path: Path
) -> None:
    (folder / "a.zip").write_bytes(in_zip(b"1234" + MARK, "in\x1bner.txt"))
    home = tmp_path / "home"
    ran = clearward(
        *("scan", "--json", "--explain", "--rules", rules, folder),
        environment={"CLEARWARD_HOME": str(home)},
    )
    (match,) = ran.rows[0]["explain"]["matches"]
    assert match["rule"] == "mark"
    assert match["path"] == [str(folder / "a.zip"), "in\\x1bner.txt"]
    assert (match["offset"], match["length"], match["string"]) == (4, len(MARK), "$a")
    assert str(folder) in (home / "explain.log").read_text()


def test_explain_tells_where_a_signature_matches(tmp_path: Path) -> None:
    rules = tmp_path / "a.ldb"
    rules.write_text("Test.Logic;Target:0;(0&1);68656c6c6f;0/w[o0]+rld/i\n")
    file = tmp_path / "file"
    file.write_text("oh hello WOORLD")
    options = ("--no-default-rules", "--explain", "--rules", rules)
    ran = clearward("scan", *options, "--json", file)
    assert [
        (one["rule"], one["offset"], one["length"], one["string"])
        for one in ran.rows[0]["explain"]["matches"]
    ] == [("Test.Logic", 3, 5, "0"), ("Test.Logic", 9, 6, "1")]
    shown = clearward("scan", *options, file).out
    assert b"Test.Logic 0 at 3+5" in shown
    assert b"Test.Logic 1 at 9+6" in shown


def test_explain_names_what_was_left_unread(folder: Path, rules: Path) -> None:
    (folder / "cut.gz").write_bytes(gzip.compress(os.urandom(300))[:-9])
    (row,) = clearward("scan", "--json", "--explain", "--rules", rules, folder).rows
    assert [gap["reason"] for gap in row["explain"]["unread"]] == ["truncated"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param(["--max-file-size", "10"], "size-limit", id="file size"),
        pytest.param(["--max-scan-size", "1k"], "size-limit", id="scan size"),
        pytest.param(["--max-parts", "2"], "parts-limit", id="parts"),
        pytest.param(["--max-depth", "1"], "depth-limit", id="depth"),
    ],
)
def test_a_limit_is_said(
    folder: Path, rules: Path, options: list[str], reason: str
) -> None:
    (folder / "a.gz.gz").write_bytes(gzip.compress(gzip.compress(bytes(9000))))
    (row,) = clearward("scan", "--json", "--rules", rules, *options, folder).rows
    assert row["reasons"] == [reason]


def test_a_file_that_needs_a_heavy_library_is_scanned_all_the_same(
    folder: Path, rules: Path
) -> None:
    inflate64 = pytest.importorskip("inflate64")
    deflater = inflate64.Deflater()
    packed = deflater.deflate(b"x" * 50 + MARK) + deflater.flush()
    data = bytearray(in_zip(b"x" * 50 + MARK))
    start = 30 + len("inner")
    old = data.index(b"PK\1\2") - start
    data[start : start + old] = packed
    for place, size in ((18, len(packed)), (20 + data.index(b"PK\1\2"), len(packed))):
        data[place : place + 4] = size.to_bytes(4, "little")
    for place in (8, data.index(b"PK\1\2") + 10):
        data[place : place + 2] = (9).to_bytes(2, "little")
    end = data.index(b"PK\5\6")
    data[end + 16 : end + 20] = data.index(b"PK\1\2").to_bytes(4, "little")
    (folder / "d64.zip").write_bytes(data)
    (folder / "plain").write_bytes(b"x")
    ran = clearward("scan", "--json", "--rules", rules, folder)
    assert ran.by_name()["d64.zip"]["outcome"] == "found"
    assert (ran.status, ran.err) == (1, b"")
