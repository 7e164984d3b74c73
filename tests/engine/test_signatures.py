"""Behaviour of ClamAV's signatures in a scan: what of a file they see."""

import base64
import gzip
import hashlib
import io
import struct
import zipfile

import pytest
from support.icons import MARK, bitmap, program
from support.pictures import files, png
from support.scans import Scan

from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.engine import budget, walk
from clearward.engine.result import Result
from clearward.formats import heavy
from clearward.formats.sights import Sighted


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def digest_line(data: bytes, name: str = "Test.Digest") -> str:
    made = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return f"{made}:{len(data)}:{name}\n"


BODY = "Test.Body:0:*:" + b"hello world".hex()


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
    zipped("x", b"hello world"),
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


def test_digests_are_of_the_part_with_that_size() -> None:
    data = b"some content"
    assert Scan(hdb=digest_line(data)).names(zipped("x", data)) == ["Test.Digest"]
    wrong = digest_line(data).replace(":12:", ":13:")
    assert Scan(hdb=wrong).names(data) == []


def test_a_digest_is_made_only_of_parts_as_long_as_what_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = b"some content"
    scan = Scan(hdb=digest_line(data))
    made = []

    new = hashlib.new

    def counted(name: str, *, usedforsecurity: bool) -> object:
        made.append(name)
        return new(name, usedforsecurity=usedforsecurity)

    monkeypatch.setattr("clearward.engine.digests.hashlib.new", counted)
    assert scan.names(data + b"!") == []
    assert made == []
    assert scan.names(data) == ["Test.Digest"]
    assert made == ["md5"]


def test_what_is_allowed_is_trusted_with_all_that_is_in_it() -> None:
    inner = b"say hello world"
    outer = zipped("x", inner)
    for allowed in (inner, outer):
        scan = Scan(ndb=BODY, fp=digest_line(allowed, "Test.Allowed"))
        assert scan.names(outer) == []
        assert scan.names(zipped("y", b"also hello world")) == ["Test.Body"]


def test_a_condition_may_ask_what_the_part_lies_in() -> None:
    line = "Test.In;Engine:81-255,Container:CL_TYPE_ZIP,Target:0;0;"
    scan = Scan(ldb=line + b"hello world".hex())
    assert scan.names(zipped("x", b"hello world")) == ["Test.In"]
    assert scan.names(b"hello world") == []
    assert scan.names(zipped("x", gzip.compress(b"hello world"))) == []


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


def windows(section: bytes) -> bytes:
    """A program for Windows with one section, which begins with its entry point."""
    stub = bytearray(0x40)
    stub[:2], stub[0x3C] = b"MZ", 0x40
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x14C, 1, 0, 0, 0, 0xE0, 0x102)
    optional = bytearray(0xE0)
    struct.pack_into(
        "<HBBIIIIII", optional, 0, 0x10B, 6, 0, 512, 0, 0, 0x1000, 0x1000, 0
    )
    struct.pack_into("<III", optional, 28, 0x400000, 0x1000, 0x200)
    struct.pack_into("<II", optional, 56, 0x3000, 0x200)
    row = struct.pack(
        "<8sIIIIIIHHI", b".text", 0x1000, 0x1000, 0x200, 0x200, 0, 0, 0, 0, 0x60000020
    )
    headers = bytes(stub) + coff + bytes(optional) + row
    return headers.ljust(0x200, b"\0") + section.ljust(0x200, b"\0")


PROGRAM = windows(b"begin here")


@pytest.mark.parametrize("place", ["EP+0", "S0+0", "SL+0", "SE0", "EOF-512", "512"])
def test_places_are_counted_from_what_the_headers_say(place: str) -> None:
    scan = Scan(ndb=f"Test.Place:1:{place}:" + b"begin".hex())
    assert scan.names(PROGRAM) == ["Test.Place"]
    assert scan.names(windows(b" begin here")) == (
        ["Test.Place"] if place == "SE0" else []
    )


def test_digests_of_sections_are_of_the_sections_of_programs() -> None:
    section = PROGRAM[0x200:]
    made = hashlib.md5(section, usedforsecurity=False).hexdigest()
    scan = Scan(mdb=f"{len(section)}:{made}:Test.Section\n")
    assert scan.names(PROGRAM) == ["Test.Section"]
    assert scan.names(section) == []


def test_what_is_ignored_is_not_found() -> None:
    assert Scan(ndb=BODY, ign2="Test.Body\n").names(b"say hello world") == []
    assert Scan(ndb=BODY, ign2="Test.Bod\n").names(b"say hello world") == ["Test.Body"]


def test_what_cannot_be_evaluated_is_counted() -> None:
    scan = Scan(ndb=BODY, cbc="ClamBC\n", ndu="Test.Unwanted:0:*:616263\n")
    assert [rule.name for rule in scan.table.rules] == ["Test.Body"]
    assert {what.partition(":")[0] for what, _ in scan.table.left} == {"cbc", "ndu"}


def test_a_program_is_known_by_its_icons_too() -> None:
    def asking(name: str, groups: str) -> str:
        return f"{name};Engine:81-255,Target:1,{groups};0;{MARK.hex()}\n"

    icon = bitmap(16, lambda x, y: (220, 30, 40) if x < y else (30, 60, 200))
    bare = program([icon])
    found = Sighted(bare, "CL_TYPE_MSEXE").icons().icons
    scan = Scan(
        ldb=asking("First", "IconGroup1:A")
        + asking("Both", "IconGroup1:A,IconGroup2:B")
        + asking("Other", "IconGroup1:B")
        + asking("Any", "IconGroup2:*"),
        idb=f"n:A:B:{found[0]}\n",
    )
    assert scan.names(bare) == ["First", "Both", "Any"]
    assert scan.names(bare.replace(MARK, bytes(len(MARK)))) == []
    assert scan.names(program([bitmap(16, lambda _x, _y: (9, 200, 9))])) == []
    deep = icon[:14] + b"\x10\0" + icon[16:]
    assert scan(program([deep])).reasons is Reason.UNSUPPORTED


LOOKS = "Test.Looks;Engine:150-255,Target:0;0;fuzzy_img#83073c395fc78f28#0\n"


def test_a_picture_is_known_by_its_looks() -> None:
    heavy.load()
    also = "Test.Also;Engine:150-255,Target:5;0&1;49484452;fuzzy_img#83073c395fc78f28\n"
    scan = Scan(ldb=LOOKS + also)
    picture = files()["png"][1]
    assert scan.names(picture) == ["Test.Looks", "Test.Also"]
    assert scan.names(zipped("a.png", picture)) == ["Test.Looks", "Test.Also"]
    assert scan.names(files()["bmp"][1]) == ["Test.Looks"]
    assert scan.names(files()["gif"][1]) == []
    assert scan.names(picture[:-40]) == []  # damage has no looks
    assert scan(picture[:-40]).reasons is NONE


def test_a_picture_too_large_to_be_decoded_is_told_if_a_signature_asks() -> None:
    heavy.load()
    large = png(1 << 16, 1 << 16)
    assert Scan(ldb=LOOKS)(large).reasons is Reason.MEMORY_LIMIT
    assert Scan(ndb=BODY)(large).reasons is NONE


def test_a_picture_goes_to_the_heavy_zygote_only_if_a_signature_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heavy, "_loaded", {})
    picture = files()["png"][1]
    assert Scan(ldb=LOOKS)(picture).heavy
    assert not Scan(ldb=LOOKS)(b"say hello world").heavy
    assert not Scan(ndb=BODY)(picture).heavy


@pytest.mark.parametrize("error", [ValueError, struct.error, IndexError])
def test_what_nobody_expected_of_a_part_is_corrupt_and_the_scan_goes_on(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_kind: str, _reader: Reader) -> None:
        raise error

    monkeypatch.setattr("clearward.formats.programs.facts.facts", broken)
    result = Scan(ndb=BODY)(b"say hello world")
    assert result.reasons is Reason.CORRUPT


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("count", [1, 2, 3, 9])
@pytest.mark.parametrize("sized", [True, False])
def test_a_list_of_any_kind_of_digest_is_looked_up(
    algorithm: str,
    count: int,
    sized: bool,  # noqa: FBT001 - pytest's shape
) -> None:
    lines = ""
    for number in range(count):
        data = b"content %d" % number
        made = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
        size = f"{len(data)}:Test.{number}" if sized else f"*:Test.{number}:73"
        lines += f"{made}:{size}\n"
    scan = Scan(hsb=lines)
    for number in range(count):
        assert scan.names(b"content %d" % number) == [f"Test.{number}"]
    assert scan.names(b"content x") == []


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
    archive = zipped("a", b"\x80hello world\x80")
    assert set(scan.names(b"GIF89a" + bytes(99) + archive)) == {"S0", "S1"}
    assert scan.names(archive) == ["S0"]


def test_icons_are_not_looked_at_where_no_list_has_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_self: object) -> None:
        pytest.fail("somebody looked")

    monkeypatch.setattr(Sighted, "icons", never)
    asks = f"One;Engine:81-255,Target:1,IconGroup1:A;0;{MARK.hex()}\n"
    assert Scan(ldb=asks).names(program([bitmap(16, lambda _x, _y: (9, 9, 9))])) == []
