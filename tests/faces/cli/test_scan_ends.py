"""How `clearward scan` ends when it cannot do what was asked."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support.command import COMMAND, clearward
from support.marks import MARK


def test_explain_refuses_where_it_cannot_be_recorded(folder: Path) -> None:
    ran = clearward(
        *("scan", "--explain", folder),
        environment={"CLEARWARD_HOME": "/proc/nowhere"},
    )
    assert ran.status == 2
    assert b"recorded" in ran.err
    assert ran.err.count(b"\n") == 1


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


@pytest.mark.parametrize("name", ["a.cvd", "a.cld", "a.CUD"])
def test_a_container_that_nobody_signed_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"ClamAV-VDB:" + bytes(600))
    ran = clearward("scan", "--rules", tmp_path / name, tmp_path)
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1


def test_a_bad_line_of_a_database_is_counted_and_the_scan_goes_on(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.ndb").write_text("no signature\n")
    (tmp_path / "file").write_text("text")
    scan = ("scan", "--no-default-rules", "--rules", tmp_path / "a.ndb")
    ran = clearward(*scan, tmp_path / "file")
    assert (ran.status, ran.err.count(b"\n")) == (0, 1)
    assert b"a.ndb:1" in ran.err
    ran = clearward(*scan, "--strict", tmp_path / "file")
    assert (ran.status, ran.err.count(b"\n")) == (2, 1)


def test_signatures_of_clamav_find_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "a.ndb").write_text("Test.Body:0:*:68656c6c6f2077??726c64\n")
    (tmp_path / "a.ndu").write_text("Test.Unwanted:0:*:756e77616e746564\n")
    (tmp_path / "hello").write_text("say hello world")
    (tmp_path / "other").write_text("something unwanted")
    rules = ("--rules", tmp_path / "a.ndb", "--rules", tmp_path / "a.ndu")
    scan = ("scan", "--no-default-rules", *rules)
    ran = clearward(*scan, tmp_path / "hello", tmp_path / "other")
    assert ran.status == 1
    assert b"hello: found Test.Body\n" in ran.out
    assert b"Test.Unwanted" not in ran.out
    ran = clearward(*scan, "--pua", tmp_path / "other")
    assert b"other: found Test.Unwanted\n" in ran.out


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
