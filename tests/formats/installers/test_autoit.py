"""Behaviour of the reader of scripts of AutoIt."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.autoit import record, script, token
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import autoit

VERSIONS = pytest.mark.parametrize("version", [b"EA05", b"EA06"])
TEXT = b"MsgBox(0, 'title', 'text')\r\n" + b"#" * 700
KIND = ">AUTOIT SCRIPT<"


def unpacked(data: bytes) -> list[tuple[bytes, bytes]]:
    return named(autoit.unpack(Reader.of(data)))


def sample(version: bytes) -> bytes:
    return script(
        record(KIND, "C:\\aut1.tmp", TEXT, version, pack=version),
        record("", "C:\\tool.exe", b"MZ tool", version),
        version=version,
    )


@VERSIONS
def test_script_and_files_come_back(version: bytes) -> None:
    assert unpacked(sample(version)) == [
        (KIND.encode(), TEXT),
        (b"C:\\tool.exe", b"MZ tool"),
    ]


def test_tokens_are_written_as_text() -> None:
    tokens = struct.pack("<I", 2)
    tokens += token(0x31, "RUN") + b"\x47" + token(0x36, 'a "b"') + b"\x48\x7f"
    tokens += b"\0" + struct.pack("<I", 4) + token(0x33, "X") + b"\x41" + b"\x7f"
    kind = ">>>AUTOIT SCRIPT<<<"
    whole = script(record(kind, "", tokens, b"EA06", pack=b"EA06"), version=b"EA06")
    assert contents(autoit.unpack(Reader.of(whole))) == [b'RUN("a ""b""")\nIf $X=\n']


@VERSIONS
def test_a_script_that_ends_early_is_truncated(version: bytes) -> None:
    whole = sample(version)
    with pytest.raises(Malformed):
        unpacked(whole[:-9])
    with pytest.raises(Truncated):
        unpacked(whole[:-12])
    with pytest.raises(Truncated):
        unpacked(whole[:30])


@VERSIONS
def test_what_ends_in_something_else_is_damage(version: bytes) -> None:
    data = sample(version)[:-8] + bytes(30)
    parts, _, field = collect(autoit.unpack(Reader.of(data)))
    assert parts == [TEXT, b"MZ tool"]
    assert field == "record"


@VERSIONS
def test_a_wrong_checksum_is_said_behind_the_content(version: bytes) -> None:
    data = bytearray(sample(version))
    data[-9] ^= 2
    parts, _, field = collect(autoit.unpack(Reader.of(bytes(data))))
    assert parts == [TEXT, b"MZ toon"]
    assert field == "checksum"


def test_other_versions_and_other_ways_to_pack_are_said() -> None:
    other = autoit.MAGIC + b"AU3!EA04" + bytes(100)
    assert gaps(autoit.unpack(Reader.of(other))) == [Reason.UNSUPPORTED]
    whole = script(record(KIND, "", TEXT, b"EA05", pack=b"JB01"), version=b"EA05")
    assert gaps(autoit.unpack(Reader.of(whole))) == [Reason.UNSUPPORTED]


def test_a_name_too_long_to_be_one_is_damage() -> None:
    data = bytearray(sample(b"EA05"))
    data[autoit.FRONT + autoit.PASSWORD + 6] ^= 0xFF
    with pytest.raises(Malformed, match="letters"):
        unpacked(bytes(data))


@settings(deadline=None, max_examples=50)
@given(st.sampled_from([b"EA05", b"EA06"]), st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(
    version: bytes, place: int, noise: bytes
) -> None:
    data = bytearray(sample(version))
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(autoit.unpack(Reader.of(bytes(data))))


@settings(deadline=None, max_examples=50)
@given(st.sampled_from([b"EA05", b"EA06", b"EA04"]), st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(version: bytes, data: bytes) -> None:
    for whole in (data, autoit.MAGIC + b"AU3!" + version + data):
        with suppress(Malformed):
            collect(autoit.unpack(Reader.of(whole)))
