"""Tests of the server's log: what stands in it, and what never does."""

import io
import json
import os
import secrets
import tempfile
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from clearward.service.logs import KEYS, MOST_TEXT, is_journal, logger


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


def test_an_event_is_one_object_with_time_and_level_first() -> None:
    stream = io.StringIO()
    logger(stream, {}).info("found", face="clamd", rules=("Eicar",), bytes=68)
    (event,) = lines(stream)
    assert list(event)[:3] == ["time", "level", "event"]
    assert str(event.pop("time")).endswith("Z")
    assert event == {
        "level": "info",
        "event": "found",
        "face": "clamd",
        "rules": ["Eicar"],
        "bytes": 68,
    }


def test_what_is_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    log = logger(stream, {}, "warning")
    log.info("clean")
    log.warning("worker died")
    assert [event["event"] for event in lines(stream)] == ["worker died"]
    with pytest.raises(ValueError, match="verbose"):
        logger(stream, {}, "verbose")


def test_content_cannot_get_in_by_any_way() -> None:
    """Bytes under a known key, text under an unknown one, and what an error quotes."""
    marker = f"marker{secrets.token_hex(8)}"
    stream = io.StringIO()
    log = logger(stream, {}, "debug")
    log.info("received", bytes=marker.encode())
    log.info("received", body=marker)
    log.info("received", path=bytearray(marker, "ascii"))
    log.info("received", rules=[marker.encode()])
    log.info("received", why={"head": marker})
    log.bind(head=marker).info("received")
    try:
        dict[str, str]()[marker]
    except KeyError:
        log.exception("broken")
    try:
        int(marker)
    except ValueError as error:
        log.error("broken", exc_info=error)  # noqa: TRY400 - the other way to log it
    assert marker not in stream.getvalue()
    assert [event.get("left_out") for event in lines(stream)] == [1] * 6 + [None] * 2


def test_an_error_is_told_by_its_kind_and_place() -> None:
    stream = io.StringIO()
    try:
        logger(stream, {}, "nothing")
    except ValueError:
        logger(stream, {}).exception("broken")
    (event,) = lines(stream)
    assert event["error"] == "ValueError"
    assert isinstance(event["frames"], list)
    assert event["frames"][-1].startswith("service/logs.py:")


@given(st.dictionaries(st.sampled_from(sorted(KEYS - {"event"})), st.text()))
def test_a_line_is_printable_ascii_whatever_a_name_is(names: dict[str, str]) -> None:
    for stream in (io.StringIO(), Terminal()):
        logger(stream, {}).info("found", **names)
        line = stream.getvalue()
        assert line.endswith("\n")
        assert line[:-1].isascii()
        assert line[:-1].isprintable()


def test_a_long_name_is_cut() -> None:
    stream = io.StringIO()
    logger(stream, {}).info("found", path="x" * 100_000, rules=["y" * 9999] * 99)
    assert len(stream.getvalue()) < 20 * MOST_TEXT


def test_a_person_reads_words_instead_of_json() -> None:
    stream = Terminal()
    logger(stream, {}).warning("not clean", face="icap", path="a\x1b[2Jb")
    time, level, *rest = stream.getvalue().split(" ")
    assert time.endswith("Z")
    assert [level, *rest] == [
        "warning",
        "not",
        "clean",
        'face="icap"',
        'path="a\\u001b[2Jb"\n',
    ]


def stream_of(file: TextIO) -> dict[str, str]:
    status = os.fstat(file.fileno())
    return {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}


def test_the_journal_is_told_the_priority() -> None:
    with tempfile.TemporaryFile("w+") as file:
        log = logger(file, stream_of(file), "debug")
        for level in ("debug", "info", "warning", "error"):
            getattr(log, level)("x")
        file.flush()
        file.seek(0)
        assert [line[:3] for line in file] == ["<7>", "<6>", "<4>", "<3>"]


def test_another_stream_than_the_journals_has_no_priorities() -> None:
    with tempfile.TemporaryFile("w") as file, tempfile.TemporaryFile("w") as other:
        assert is_journal(file, stream_of(file))
        assert not is_journal(other, stream_of(file))
        assert not is_journal(file, {})
        assert not is_journal(io.StringIO(), stream_of(file))
