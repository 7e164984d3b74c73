"""Behaviour of `clearward scan`, run as a person runs it."""

import base64
import gzip
import hashlib
import io
import os
import signal
import socket
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from support.command import COMMAND, clearward
from support.marks import EICAR, MARK, mark_rule


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return mark_rule(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def zipped(content: bytes, name: str = "inner") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


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
    (folder / "a.zip").write_bytes(zipped(MARK))
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
    inner = zipped(gzip.compress(MARK))
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
    (folder / "a.zip").write_bytes(zipped(b"1234" + MARK, "in\x1bner.txt"))
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


def test_explain_names_what_was_left_unread(folder: Path, rules: Path) -> None:
    (folder / "cut.gz").write_bytes(gzip.compress(os.urandom(300))[:-9])
    (row,) = clearward("scan", "--json", "--explain", "--rules", rules, folder).rows
    assert [gap["reason"] for gap in row["explain"]["unread"]] == ["truncated"]


def test_explain_refuses_where_it_cannot_be_recorded(folder: Path) -> None:
    ran = clearward(
        *("scan", "--explain", folder),
        environment={"CLEARWARD_HOME": "/proc/nowhere"},
    )
    assert ran.status == 2
    assert b"recorded" in ran.err
    assert ran.err.count(b"\n") == 1


def test_standard_input_is_scanned(rules: Path, folder: Path) -> None:
    ran = clearward("scan", "--json", "--rules", rules, "-", given=b"a" * 9 + MARK)
    assert ran.status == 1
    assert ran.rows[0]["path"] == "-"
    (folder / "file").write_bytes(MARK)
    with (folder / "file").open("rb") as file:
        done = subprocess.run(
            [*COMMAND, "scan", "--rules", rules, "-"], stdin=file, check=False
        )
    assert done.returncode == 1


@pytest.mark.parametrize("end", [b"\n", b"\0"])
def test_paths_come_from_a_file_or_standard_input(
    folder: Path, rules: Path, end: bytes
) -> None:
    for name in ("one", "two"):
        (folder / name).write_bytes(MARK)
    listed = end.join(os.fsencode(folder / name) for name in ("one", "two")) + end
    null = ["--null"] if end == b"\0" else []
    (folder / "list").write_bytes(listed)
    for source in (str(folder / "list"), "-"):
        options = ["--json", "--rules", str(rules), "--files-from", source, *null]
        ran = clearward("scan", *options, given=listed)
        assert ran.summary["found"] == 2


def test_excluded_files_are_said(folder: Path, rules: Path) -> None:
    (folder / "keep.txt").write_bytes(b"x")
    (folder / "leave.log").write_bytes(MARK)
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_bytes(MARK)
    ran = clearward(
        *("scan", "--json", "--rules", rules, folder),
        *("--exclude", "*.log", "--exclude", f"{folder}/de*"),
    )
    rows = ran.by_name()
    assert rows["keep.txt"]["outcome"] == "clean"
    assert rows["leave.log"]["reasons"] == ["excluded"]
    assert rows["deep"]["reasons"] == ["excluded"]
    assert (len(rows), ran.status) == (3, 2)


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


def test_names_never_reach_a_terminal_raw(folder: Path, rules: Path) -> None:
    name = b"evil\x1b[31m\n\xff\xe2\x80\xae.txt"
    (folder / os.fsdecode(name)).write_bytes(MARK)
    ran = clearward("scan", "--rules", rules, folder)
    assert rb"evil\x1b[31m\x0a\xff\u202e.txt: found mark" in ran.out
    assert b"\x1b" not in ran.out
    (row,) = clearward("scan", "--json", "--rules", rules, folder).rows
    assert row["path"].endswith("evil\x1b[31m\n\\xff\u202e.txt")
    assert base64.b64decode(row["path_b64"]) == os.fsencode(folder) + b"/" + name


def test_what_is_no_regular_file_is_said(folder: Path) -> None:
    os.mkfifo(folder / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "socket"))
        ran = clearward("scan", "--json", folder, "/dev/null")
    assert {row["path"].rpartition("/")[2] for row in ran.rows} == {
        *("fifo", "socket", "null")
    }
    assert all(row["reasons"] == ["not-regular"] for row in ran.rows)


def test_links_are_followed_when_named_and_not_in_a_tree(
    folder: Path, rules: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.write_bytes(MARK)
    (folder / "link").symlink_to(target)
    (folder / "loop").symlink_to("loop")
    inside = clearward("scan", "--json", "--rules", rules, folder)
    assert (inside.rows, inside.status) == ([], 0)
    assert clearward("scan", "--rules", rules, folder / "link").status == 1
    looped = clearward("scan", "--json", "--rules", rules, folder / "loop")
    assert looped.rows[0]["outcome"] == "unscanned"


def test_a_missing_path_is_vanished(folder: Path) -> None:
    ran = clearward("scan", "--json", folder / "nothing")
    assert ran.rows[0]["reasons"] == ["vanished"]
    assert ran.status == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--no-such-option", "x"], b"no-such-option", id="option"),
        pytest.param([], b"nothing to scan", id="no path"),
        pytest.param(["--max-scan-size", "much", "x"], b"size", id="size"),
        pytest.param(["--jobs", "0", "x"], b"jobs", id="jobs"),
        pytest.param(["--require-level", "Z", "x"], b"level", id="level"),
        pytest.param(["--no-default-rules", "x"], b"no rules", id="no rules"),
        pytest.param(["--rules", "missing.yar", "x"], b"missing.yar", id="rules"),
        pytest.param(["--rules", "/etc/hostname", "x"], b"kind", id="kind"),
        pytest.param(["--quarantine", "x"], b"--quarantine", id="quarantine"),
        pytest.param(["--files-from", "missing", "x"], b"missing", id="list"),
        pytest.param(["--timeout", "0", "x"], b"timeout", id="timeout"),
    ],
)
def test_bad_arguments_get_one_line_and_status_2(
    arguments: list[str], words: bytes
) -> None:
    ran = clearward("scan", *arguments)
    assert ran.status == 2
    assert words in ran.err.lower()
    assert ran.err.count(b"\n") == 1
    assert len(ran.err) <= 502
    assert b"Traceback" not in ran.err


@pytest.mark.parametrize("name", ["a.ndb", "a.cvd", "a.cwr", "a.HDB", "a.ldu"])
def test_kinds_of_a_later_version_say_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    ran = clearward("scan", "--rules", tmp_path / name, tmp_path)
    assert ran.status == 2
    assert b"cannot be used in this version yet" in ran.err
    assert ran.err.count(b"\n") == 1


def test_a_rule_error_names_file_line_and_column(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yar"
    bad.write_text("rule good { condition: true }\n\nrule bad { condition: $a }\n")
    ran = clearward("scan", "--rules", bad, tmp_path)
    assert ran.status == 2
    assert f"{bad}:3:23: unknown pattern `$a`".encode() in ran.err


def test_two_rules_of_one_name_are_an_error(tmp_path: Path) -> None:
    bad = tmp_path / "two.yar"
    bad.write_text("rule a { condition: true }\nrule a { condition: true }\n")
    ran = clearward("scan", "--rules", bad, tmp_path)
    assert ran.status == 2
    assert b"two.yar:2" in ran.err


def test_a_bad_file_in_a_rule_folder_is_counted_and_the_scan_goes_on(
    folder: Path, rules: Path
) -> None:
    (rules.parent / "bad.yar").write_text("rule bad { condition: $a }")
    (rules.parent / "notes.txt").write_text("no rules")
    (folder / "file").write_bytes(MARK)
    ran = clearward("scan", "--json", "--rules", rules.parent, folder)
    assert ran.status == 1
    assert b"bad.yar:1" in ran.err
    strict = clearward("scan", "--strict", "--rules", rules.parent, folder)
    assert strict.status == 2


def test_output_closed_early_ends_with_one_line(folder: Path, rules: Path) -> None:
    for number in range(3000):
        (folder / f"{number:0100}").write_bytes(b"x")
    command = [*COMMAND, "scan", "--json", "--rules", str(rules), str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 2
    assert b"closed" in said
    assert said.count(b"\n") == 1


def test_a_full_disk_ends_with_one_line(folder: Path) -> None:
    (folder / "file").write_bytes(b"x")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "scan", "--json", folder],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_ctrl_c_ends_with_130_and_leaves_no_process(
    folder: Path, rules: Path, tmp_path: Path
) -> None:
    # A FIFO for the list of paths keeps the command waiting with its jail running.
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (folder / "file").write_bytes(b"x")
    command = [*COMMAND, "scan", "--rules", str(rules), str(folder)]
    process = subprocess.Popen(
        [*command, "--files-from", str(fifo)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not (children := _descendants(process.pid)):
        time.sleep(0.01)
    with fifo.open("wb"):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert not any(os.path.exists(f"/proc/{child}") for child in children)


def _descendants(process: int) -> set[int]:
    found = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = (
                    Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
                )
            except OSError:
                continue
            if int(fields[1]) == process or int(fields[1]) in found:
                found.add(int(entry))
    return found


def test_a_file_that_needs_a_heavy_library_is_scanned_all_the_same(
    folder: Path, rules: Path
) -> None:
    inflate64 = pytest.importorskip("inflate64")
    deflater = inflate64.Deflater()
    packed = deflater.deflate(b"x" * 50 + MARK) + deflater.flush()
    data = bytearray(zipped(b"x" * 50 + MARK))
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


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_status_2(
    folder: Path, stream: str
) -> None:
    command = f'exec "$0" -m clearward scan "$1" {stream}'
    done = subprocess.run(
        ["sh", "-c", command, COMMAND[0], folder], capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
