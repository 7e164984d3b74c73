"""What people and programs read."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from clearward.core.names import RuleName
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.guard.report import Report, row, sentence, table
from clearward.faces.guard.seen import Access, Seen, Side, Trouble, What

WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULE = RuleName("Bad", "local", 0, "yara")
ACCESS = Access(b"/srv/\x1b[2J\xff", What.EXEC, 7, b"/bin/sh", 1000)
FOUND = Seen(ACCESS, Outcome.FOUND, Side.DENY, (RULE,), size=3, seconds=0.0015)
UNSCANNED = Seen(
    Access(b"/srv/a", What.OPEN, 0, b"", -1),
    Outcome.UNSCANNED,
    Side.ALLOW,
    reasons=Reason.TIME_LIMIT,
)


def test_an_object_says_what_happened_and_what_was_answered() -> None:
    assert row(FOUND, WHEN) == {
        "time": "2026-11-23T12:00:00.000+00:00",
        "path": "/srv/\x1b[2J\\xff",
        "event": "exec",
        "outcome": "found",
        "rules": [{"name": "Bad", "origin": "local"}],
        "reasons": (),
        "answer": "deny",
        "bytes": 3,
        "ms": 1.5,
        "process": 7,
        "program": "/bin/sh",
        "user": 1000,
    }
    assert row(Trouble("overflow", "too fast"), WHEN) == {
        "time": "2026-11-23T12:00:00.000+00:00",
        "trouble": "overflow",
        "detail": "too fast",
    }


def test_a_sentence_cannot_steer_a_terminal() -> None:
    assert sentence(FOUND) == "/srv/\\x1b[2J\\xff: found Bad (exec by /bin/sh, denied)"
    assert sentence(UNSCANNED) == (
        "/srv/a: not scanned: time-limit (open by a program that has ended, allowed)"
    )


def test_lines_are_written_and_a_lost_reader_costs_only_them(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("wb") as out:
        report = Report(out.fileno(), json=True, now=lambda: WHEN)
        report.tell(FOUND)
        report.close({"found": 1})
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row.get("outcome") for row in rows] == ["found", None]
    assert rows[1] == {"summary": {"found": 1}}
    reader, writer = os.pipe()
    os.close(reader)
    Report(writer, json=False).tell(FOUND)
    os.close(writer)
    with Path("/dev/full").open("wb", buffering=0) as full:
        Report(full.fileno(), json=True).tell(UNSCANNED)


def test_the_table_names_what_cost_most() -> None:
    top = [{"path": "/srv/a", "scans": 3, "seconds": 0.5}]
    lines = table({"asked": 1234, "top_files": top, "top_programs": []})
    assert lines == [
        "asked:        1,234",
        "",
        "most scanned files",
        " scans  seconds  path",
        "     3    0.500  /srv/a",
    ]
