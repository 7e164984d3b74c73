"""ClamAV's signatures on files too large to be held: found as in smaller ones."""

import hashlib

import pytest
from support.scans import BODY, PROGRAM, Scan, digest_line

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine import budget, walk
from clearward.engine.result import Result
from clearward.engine.signatures import Looker


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "WHOLE", 1000)
    monkeypatch.setattr(budget, "HELD", 2000)


def scanned(scan: Scan, data: bytes) -> Result:
    """Scan a file that is read at random, not held."""

    def read(offset: int, size: int) -> bytes:
        return data[offset : offset + size]

    return scan.engine.scan(Reader(read, len(data)), every=True)


def names(scan: Scan, data: bytes) -> list[str]:
    return [scan.table.rules[number].name for number in scanned(scan, data).rules]


LARGE = PROGRAM + bytes(5000)


@pytest.mark.parametrize("place", ["EP+0", "S0+0", "SL+0", "SE0", "EOF-5512", "512"])
def test_places_are_counted_from_what_the_headers_say(place: str) -> None:
    scan = Scan(ndb=f"Test.Place:1:{place}:" + b"begin".hex())
    assert names(scan, LARGE) == ["Test.Place"]
    assert names(scan, b"\0" + LARGE) == ["Test.Place"]  # a program from there on
    assert names(scan, b"\0" + LARGE[1:]) == []


def test_each_type_meets_the_signatures_for_it_and_those_for_any() -> None:
    lines = [f"Test.For{target}:{target}:*:" + b"begin".hex() for target in (0, 1, 6)]
    scan = Scan(ndb="\n".join(lines))
    assert names(scan, LARGE) == ["Test.For0", "Test.For1"]
    elf = b"\x7fELF\1\1\1".ljust(5000, b"\0") + b"begin"
    assert names(scan, elf) == ["Test.For0", "Test.For6"]


def test_digests_of_sections_are_looked_up() -> None:
    section = PROGRAM[0x200:]
    made = hashlib.md5(section, usedforsecurity=False).hexdigest()
    scan = Scan(mdb=f"{len(section)}:{made}:Test.Section\n")
    assert names(scan, LARGE) == ["Test.Section"]


def test_text_is_also_seen_without_its_capitals() -> None:
    scan = Scan(ndb="Test.Text:7:*:" + b"some text".hex())
    result = scanned(scan, b"SOME   TEXT".rjust(3000))
    assert list(result.rules) == [0]


def test_a_condition_may_ask_what_the_part_lies_in() -> None:
    line = "Test.In;Engine:81-255,Container:CL_TYPE_POSIX_TAR,Target:0;0;"
    other = "Test.Alone;Engine:81-255,Container:CL_TYPE_ANY,Target:0;0;"
    word = b"hello world"
    scan = Scan(ldb=line + word.hex() + "\n" + other + word.hex())
    header = bytearray(512)
    header[:1] = b"x"
    header[100:136] = b"0000644\0" * 3 + b"00000006000\0"
    header[148:156] = b" " * 8
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\0 " % sum(header)
    tar = bytes(header) + word.ljust(3072, b"\0") + bytes(1024)
    assert names(scan, tar) == ["Test.Alone", "Test.In"]


def test_a_handler_has_the_part_seen_as_another_type() -> None:
    line = "Test.As;Engine:81-255,Target:0,HandlerType:CL_TYPE_ELF;0;"
    scan = Scan(ldb=line + b"first".hex(), ndb="Test.For6:6:*:" + b"hello world".hex())
    assert names(scan, bytes(3000) + b"first hello world") == ["Test.For6"]
    assert names(scan, bytes(3000) + b"hello world") == []


def test_digests_are_of_all_of_it_and_what_is_allowed_is_trusted() -> None:
    data = bytes(2500) + b"say hello world"
    assert names(Scan(hdb=digest_line(data)), data) == ["Test.Digest"]
    allowed = Scan(ndb=BODY, fp=digest_line(data, "Test.Allowed"))
    assert names(allowed, data) == []
    assert names(allowed, data + b"!") == ["Test.Body"]


def test_steps_and_regular_expressions_are_limited_as_elsewhere() -> None:
    line = "Test.Regex;Engine:81-255,Target:0;0&1;" + b"hello".hex() + ";0/w[ao]rld/"
    result = scanned(Scan(ldb=line), bytes(2500) + b"hello world")
    assert (list(result.rules), result.reasons) == ([], Reason.MEMORY_LIMIT)
    result = scanned(Scan(ldb=line), bytes(2500) + b"hullo world")
    assert (list(result.rules), result.reasons) == ([], Reason(0))


@pytest.mark.parametrize("where", ["passes", "_facts"])
def test_a_fault_on_the_way_is_no_clean_file(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Malformed("pe", 0, "field")

    monkeypatch.setattr(Looker, where, broken)
    result = scanned(Scan(ndb=BODY), bytes(2500))
    assert (list(result.rules), result.reasons) == ([], Reason.CORRUPT)
