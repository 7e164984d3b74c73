"""ClamAV's signatures on streams too large to be held: clean only without an anchor."""

import gzip

import pytest
from support.scans import BODY, PROGRAM, Scan, digest_line

from clearward.core.reasons import Reason
from clearward.engine import budget, walk

HELLO = b"hello world"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "WHOLE", 1000)
    monkeypatch.setattr(budget, "HELD", 2000)


def outcome(scan: Scan, data: bytes) -> tuple[list[str], Reason]:
    """Scan a stream: what is found, and what was not looked at."""
    result = scan(gzip.compress(data))
    return [scan.table.rules[number].name for number in result.rules], result.reasons


def test_a_stream_without_an_anchor_is_clean() -> None:
    scan = Scan(ndb=BODY)
    assert outcome(scan, bytes(2500)) == ([], Reason(0))
    assert outcome(scan, bytes(2500) + HELLO[:4]) == ([], Reason(0))


def test_one_with_an_anchor_is_not_decided() -> None:
    scan = Scan(ndb=BODY)
    for where in (0, 1200, 5000):
        data = bytes(where) + HELLO + bytes(5000)
        assert outcome(scan, data) == ([], Reason.MEMORY_LIMIT)


def test_what_no_anchor_finds_is_looked_for_as_it_passes() -> None:
    line = "Test.Always;Engine:81-255,Container:CL_TYPE_GZ,Target:0;0=0&1=0;"
    scan = Scan(ldb=line + HELLO.hex() + ";" + b"other".hex())
    assert outcome(scan, bytes(5000)) == (["Test.Always"], Reason(0))
    for where in (0, 1200, 5000):
        data = bytes(where) + HELLO + bytes(5000)
        assert outcome(scan, data) == ([], Reason(0))


def test_what_asks_for_the_size_is_not_decided() -> None:
    line = "Test.Size;Engine:81-255,Container:CL_TYPE_GZ,FileSize:1-9000,Target:0;0=0;"
    assert outcome(Scan(ldb=line + HELLO.hex()), bytes(5000)) == (
        [],
        Reason.MEMORY_LIMIT,
    )


def test_a_program_is_not_decided_since_its_headers_cannot_be_read() -> None:
    scan = Scan(ndb="Test.Place:1:EP+0:" + b"begin".hex())
    assert outcome(scan, PROGRAM + bytes(5000)) == ([], Reason.MEMORY_LIMIT)


def test_text_is_not_seen_in_its_views() -> None:
    scan = Scan(ndb="Test.Text:7:*:" + b"some text".hex())
    assert outcome(scan, b" some  text".rjust(3000)) == ([], Reason.SIZE_LIMIT)


def test_its_digest_is_looked_up() -> None:
    data = bytes(2500)
    assert outcome(Scan(hdb=digest_line(data)), data) == (["Test.Digest"], Reason(0))


def test_members_lie_in_what_passes() -> None:
    line = "Test.In;Engine:81-255,Container:CL_TYPE_OLD_TAR,Target:0;0;"
    scan = Scan(ldb=line + HELLO.hex())
    header = bytearray(512)
    header[:1] = b"x"
    header[100:136] = b"0000644\0" * 3 + b"00000000013\0"
    header[148:156] = b" " * 8
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\0 " % sum(header)
    tar = bytes(header) + HELLO.ljust(512, b"\0") + bytes(4096)
    names, _ = outcome(scan, tar)
    other = Scan(ldb=line.replace("OLD_TAR", "POSIX_TAR") + HELLO.hex())
    assert names + outcome(other, tar)[0] == ["Test.In"]
