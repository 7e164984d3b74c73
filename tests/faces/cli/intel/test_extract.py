"""Behaviour of `intel extract` on a command line."""

from pathlib import Path

from support.command import clearward


def test_what_is_found_is_an_object_a_line(tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text("a\nb\nhxxp://Evil[.]Example/a and HXXP://evil.example/a")
    ran = clearward("intel", "extract", report, "--json")
    row = {"line": 3, "type": "url", "value": "http://evil.example/a"}
    assert ran.rows == [{"file": str(report), **row}]
    assert (ran.status, ran.err) == (0, b"")
    assert {**ran.summary, "seconds": 0} == {"files": 1, "indicators": 1, "seconds": 0}


def test_standard_input_is_read() -> None:
    ran = clearward("intel", "extract", "-", given=b"x\n1[.]2[.]3[.]4:8080")
    assert (ran.status, ran.out) == (0, b"-:2\tipv4\t1.2.3.4\n")


def test_a_file_that_cannot_be_read_is_named_and_others_are(tmp_path: Path) -> None:
    report, link = tmp_path / "r.txt", tmp_path / "link"
    report.write_text("evil[.]com")
    link.symlink_to(report)
    ran = clearward("intel", "extract", tmp_path / "none", tmp_path, link, "--json")
    assert [row["value"] for row in ran.rows] == ["evil.com"]
    assert ran.status == 2
    assert ran.err.count(b"\n") == 2
    assert [each["reasons"] for each in ran.summary["unread"]] == [
        ["vanished"],
        ["not-regular"],
    ]
