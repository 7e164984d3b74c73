"""Behaviour of ClamAV's signatures in a scan: what of a file they see."""

import base64
import gzip
import struct

import pytest
from support.containers import in_zip
from support.scans import BODY, PROGRAM, Scan, digest_line

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine import budget, walk
from clearward.engine.result import Result


def test_a_signature_for_any_target_sees_every_part() -> None:
    scan = Scan(ndb=BODY)
    for data in (b"say hello world", b"\x7fELF\1" + b"hello world" + bytes(90)):
        assert scan.names(data) == ["Test.Body"]
        assert scan.names(gzip.compress(data)) == ["Test.Body"]
    assert scan.names(b"hello") == []


def test_a_part_of_five_bytes_is_not_asked_about() -> None:
    scan = Scan(ndb="Test.Short:0:*:616263", hdb=digest_line(b"abcde"))
    assert scan.names(b"abcde") == []
    assert scan.names(b"abcdef") == ["Test.Short"]


PATTERN = "Test.Pattern;Engine:81-255,Target:0;0&1;68656c6c6f;0/w[ao]rld/"
LOOKED_AT = [
    b"hello world",
    b"hello whirl",
    b"hello, trusted world",
    b"HELLO  WORLD, in any case",
    b"<html><body>hello <b>world</b></body></html>",
    b"some content",
    b"\x7fELF\2\1\1" + bytes(100),
    in_zip(b"hello world"),
    b"ordinary",
    b"abc",
    b"",
]


@pytest.mark.parametrize("data", LOOKED_AT)
def test_a_quick_look_says_plain_only_where_the_long_one_finds_nothing(
    data: bytes,
) -> None:
    scan = Scan(
        ldb=PATTERN,
        ndb="Test.Text:7:*:" + b"hello world".hex(),
        hdb=digest_line(b"some content"),
        fp=digest_line(b"hello, trusted world"),
    )
    plain = scan.engine.is_plain(data)
    assert plain == (scan(data) == Result(parts=1))
    assert plain == (not scan.names(data) and not data.startswith(b"PK"))


def test_text_is_also_seen_without_its_spaces_and_capitals() -> None:
    scan = Scan(
        ndb="Test.Text:7:*:"
        + b"some text".hex()
        + "\nTest.Any:0:*:"
        + b"any text".hex()
    )
    assert scan.names(b"SOME \t\n TEXT") == ["Test.Text"]
    assert scan.names(b"ANY \t\n TEXT") == ["Test.Any"]
    assert scan.names(b"\x7fELF\1\1\1" + b"some text" + bytes(90)) == []


def test_pages_are_seen_without_their_tags() -> None:
    scan = Scan(ndb="Test.Page:3:*:" + b"two words".hex())
    assert scan.names(b"<html><body>TWO<b>WORDS</b></body></html>") == ["Test.Page"]
    assert scan.names(b"two words") == []


def test_a_condition_may_ask_what_the_part_lies_in() -> None:
    line = "Test.In;Engine:81-255,Container:CL_TYPE_ZIP,Target:0;0;"
    scan = Scan(ldb=line + b"hello world".hex())
    assert scan.names(in_zip(b"hello world")) == ["Test.In"]
    assert scan.names(b"hello world") == []
    assert scan.names(in_zip(gzip.compress(b"hello world"))) == []


def test_regular_expressions_are_looked_for_behind_their_trigger() -> None:
    line = (
        "Test.Regex;Engine:81-255,Target:0;0&1;" + b"hello".hex() + ";0/w[aeiou]rld/i"
    )
    scan = Scan(ldb=line)
    assert scan.names(b"hello WORLD") == ["Test.Regex"]
    assert scan.names(b"hello wxrld") == []
    assert scan.names(b"world alone") == []


def test_an_expression_that_takes_for_ever_is_a_time_limit() -> None:
    line = (
        "Test.Slow;Engine:81-255,Target:0;0&1;" + b"hello".hex() + ";0/(a|aa|a{3})+$/"
    )
    result = Scan(ldb=line)(b"hello " + b"a" * 5000 + b"b")
    assert not result.rules
    assert result.reasons is Reason.TIME_LIMIT


@pytest.mark.parametrize("place", ["EP+0", "S0+0", "SL+0", "SE0", "EOF-512", "512"])
def test_places_are_counted_from_what_the_headers_say(place: str) -> None:
    scan = Scan(ndb=f"Test.Place:1:{place}:" + b"begin".hex())
    assert scan.names(PROGRAM) == ["Test.Place"]
    later = PROGRAM.replace(b"begin here\0", b" begin here")
    assert scan.names(later) == (["Test.Place"] if place == "SE0" else [])


def test_what_is_ignored_is_not_found() -> None:
    assert Scan(ndb=BODY, ign2="Test.Body\n").names(b"say hello world") == []
    assert Scan(ndb=BODY, ign2="Test.Bod\n").names(b"say hello world") == ["Test.Body"]


def test_what_cannot_be_evaluated_is_counted() -> None:
    scan = Scan(ndb=BODY, cbc="ClamBC\n", ndu="Test.Unwanted:0:*:616263\n")
    assert [rule.name for rule in scan.table.rules] == ["Test.Body"]
    assert {what.partition(":")[0] for what, _ in scan.table.left} == {"cbc", "ndu"}


@pytest.mark.parametrize("error", [ValueError, struct.error, IndexError])
def test_what_nobody_expected_of_a_part_is_corrupt_and_the_scan_goes_on(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_kind: str, _reader: Reader) -> None:
        raise error

    monkeypatch.setattr("clearward.formats.programs.facts.facts", broken)
    result = Scan(ndb=BODY)(b"say hello world")
    assert result.reasons is Reason.CORRUPT


class TestLargeParts:
    """One too large to be held is looked at in windows; see `test_large_signatures`."""

    @pytest.fixture(autouse=True)
    def fixture_small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(walk, "WHOLE", 1000)
        monkeypatch.setattr(budget, "HELD", 2000)

    def scan(self, data: bytes, **databases: str) -> Result:
        def read(offset: int, size: int) -> bytes:
            return data[offset : offset + size]

        return Scan(**databases).engine.scan(Reader(read, len(data)), every=True)

    def test_a_part_that_can_just_be_held_is_looked_at(self) -> None:
        result = self.scan(bytes(1500) + b"hello world", ndb=BODY)
        assert (list(result.rules), result.reasons) == ([0], Reason(0))

    def test_a_larger_one_is_looked_at_in_windows(self) -> None:
        result = self.scan(bytes(2500) + b"hello world", ndb=BODY)
        assert (list(result.rules), result.reasons) == ([0], Reason(0))
        result = self.scan(bytes(2500) + b"hello", ndb=BODY)
        assert (list(result.rules), result.reasons) == ([], Reason(0))

    def test_a_larger_stream_is_a_memory_limit(self) -> None:
        packed = gzip.compress(bytes(2500) + b"hello world")
        result = Scan(ndb=BODY)(packed)
        assert (list(result.rules), result.reasons) == ([], Reason.MEMORY_LIMIT)

    def test_its_digest_is_still_looked_up(self) -> None:
        data = bytes(2500)
        assert list(self.scan(data, hdb=digest_line(data)).rules) == [0]
        allowed = self.scan(data, ndb=BODY, fp=digest_line(data))
        assert not allowed.rules
        assert not allowed.reasons


def test_a_container_that_a_signature_names_is_opened_as_that() -> None:
    ldb = "Odd;Engine:81-255,Target:0,HandlerType:CL_TYPE_MAIL;0;" + b"X-Odd".hex()
    inside = b"\x80\x90hello world\x80"
    message = (
        b"\x80X-Odd: 1\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(inside)
        + b"--b--\n"
    )
    assert Scan(ndb=BODY).names(message) == []
    assert Scan(ldb=ldb, ndb=BODY).names(message) == ["Test.Body"]


def test_an_archive_in_the_middle_of_a_part_is_a_layer_of_its_own() -> None:
    places = [
        *("Container:CL_TYPE_ZIP", "Intermediates:CL_TYPE_GIF>CL_TYPE_ZIP"),
        *("Container:CL_TYPE_GIF", "Intermediates:CL_TYPE_ZIP>CL_TYPE_ZIP"),
    ]
    body = b"hello world".hex()
    lines = [
        f"S{n};Engine:81-255,Target:0,{place};0;{body}"
        for n, place in enumerate(places)
    ]
    scan = Scan(ldb="\n".join(lines))
    archive = in_zip(b"\x80hello world\x80")
    assert set(scan.names(b"GIF89a" + bytes(99) + archive)) == {"S0", "S1"}
    assert scan.names(archive) == ["S0"]
