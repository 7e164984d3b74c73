"""Behaviour of what hands on strings of bytecode that hide something."""

import marshal
from base64 import b64encode
from collections.abc import Callable
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.inside import MARK, seen, zipped
from support.parts import collect, contents
from support.programs import Pe, Section

from clearward.core.reader import Reader
from clearward.formats.programs import constants as strings
from clearward.formats.unpack import constants

LETTERS = b64encode(zipped({"b.js": MARK * 2}))
TEXT = b"any text of some length"


def java(*texts: bytes) -> bytes:
    pool = b"".join(b"\1" + pack(">H", len(text)) + text for text in texts)
    longs = b"\5" + bytes(8) + b"\x0f" + bytes(3) + b"\x07\0\1" + b"\x0a" + bytes(4)
    count = pack(">H", 6 + len(texts))
    return b"\xca\xfe\xba\xbe\0\0\0\x34" + count + longs + pool + bytes(16)


def length(size: int) -> bytes:
    out = b""
    while size > 0x7F:
        out += bytes((size & 0x7F | 0x80,))
        size >>= 7
    return out + bytes((size,))


def dex(*texts: bytes) -> bytes:
    head = b"dex\n035\0".ljust(56, b"\0") + pack("<II", len(texts), 112)
    places, data = [], b""
    start = 112 + 4 * len(texts)
    for text in texts:
        places.append(start + len(data))
        data += length(len(text)) + text + b"\0"
    return head.ljust(112, b"\0") + pack(f"<{len(places)}I", *places) + data


def python(*texts: bytes) -> bytes:
    code = compile(f"f({texts!r})", "file", "exec")
    return b"\xa7\x0d\r\n" + bytes(12) + marshal.dumps(code)


def old_python(*texts: bytes) -> bytes:
    values = b"".join(b"s" + pack("<I", len(text)) + text for text in texts)
    return b"\x03\xf3\r\n" + bytes(4) + values


def net(*texts: bytes) -> bytes:
    heap = b"\0"
    for text in texts:
        wide = text.decode().encode("utf-16-le") + b"\0"
        size = len(wide)
        heap += bytes((size,)) if size < 0x80 else pack(">H", 0x8000 | size)
        heap += wide
    heads = pack("<II", 52, len(heap)) + b"#US\0"
    heads = pack("<II", 12, 4) + b"#~\0\0" + heads
    root = (
        b"BSJB\1\0\1\0\0\0\0\0" + pack("<I", 8) + b"v4.0\0\0\0\0" + b"\0\0\2\0" + heads
    )
    directories = [(0, 0)] * 14 + [(0x1000, 72), (0, 0)]
    header = pack("<IHHII", 72, 2, 5, 0x1048, 500).ljust(72, b"\0")
    return Pe(
        directories=tuple(directories),
        size=0x4000,
        sections=(Section(0x4000, 0x1000, 0x3E00, 0x200),),
        contents=((0x200, header + root + heap),),
    ).build()


Build = Callable[..., bytes]
KINDS = pytest.mark.parametrize("kind", [java, dex, python, old_python, net])


@KINDS
def test_a_blob_in_a_string_is_decoded(kind: Build) -> None:
    data = kind(b"short", LETTERS, TEXT)
    name = "#US" if kind is net else "constants"
    ways = [way for way in seen(data).ways if way.startswith(f"{name} > base64@")]
    assert ways
    assert all(way.endswith(" > b.js") for way in ways)


@KINDS
def test_strings_are_lines_of_their_own(kind: Build) -> None:
    data = kind(LETTERS[:80], b"x" * 30, LETTERS[80:])
    (text,) = contents(constants.unpack(Reader.of(data)))
    assert {LETTERS[:80], b"x" * 30, LETTERS[80:]} <= set(text.split(b";\n"))


@KINDS
def test_strings_that_hide_nothing_are_no_part(kind: Build) -> None:
    data = kind(b"short", TEXT, b"an ordinary message of a program")
    assert not constants.recognises(data, Reader.of(data))
    assert list(constants.unpack(Reader.of(data))) == []


def test_strings_over_each_other_are_bounded() -> None:
    head = b"dex\n035\0".ljust(56, b"\0") + pack("<II", 4000, 112)
    places = pack("<4000I", *range(20_000, 24_000))
    data = head.ljust(112, b"\0") + places.ljust(40_000, b"A")
    assert sum(map(len, strings.dex(data))) <= 2 * len(data)


FRONTS = st.sampled_from([b"\xca\xfe\xba\xbe", b"dex\n", *constants.PYTHON[:2], b"MZ"])


@given(FRONTS, st.binary(max_size=300))
def test_arbitrary_bytes_give_text_or_nothing(front: bytes, data: bytes) -> None:
    constants.recognises(front + data, Reader.of(front + data))
    collect(constants.unpack(Reader.of(front + data)))


@KINDS
@given(data=st.data())
def test_damage_is_survived(kind: Build, data: st.DataObject) -> None:
    whole = bytearray(kind(LETTERS, TEXT))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(2, min(len(whole), 900) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    collect(constants.unpack(Reader.of(bytes(whole))))
