"""Behaviour of what hands on overlays of programs, and what hides in signatures."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.inside import MARK, seen, zipped
from support.parts import collect, named
from support.programs import Pe

from clearward.core.reader import Reader
from clearward.formats.programs import pe, signed
from clearward.formats.unpack import overlay

END = 0x400  # of the only section
SCRIPT = b"<script>" + MARK + b"</script>"
TIME = bytes.fromhex("2a864886f70d010906")
OWN = bytes.fromhex("2b06010401d679020182ce0f")  # of a program's maker


def der(tag: int, *content: bytes) -> bytes:
    """An element with a length in its long form."""
    whole = b"".join(content)
    return bytes((tag, 0x83)) + len(whole).to_bytes(3, "big") + whole


def signature(*unsigned: bytes) -> bytes:
    """Signed data with one signer and these unsigned attributes."""
    version, algorithm = der(2, b"\1"), der(0x30, der(6, b"\x2a\x03"))
    signer = der(0x30, version, der(0x30), algorithm, der(4, b"x"))
    if unsigned:
        signer = signer[:1] + der(0, signer[5:], der(0xA1, *unsigned))[1:]
    inner = der(0x30, version, der(0x31), der(0x30, der(6)), der(0x31, signer))
    return der(0x30, der(6, bytes.fromhex("2a864886f70d010702")), der(0xA0, inner))


def attribute(kind: bytes, value: bytes) -> bytes:
    return der(0x30, der(6, kind), der(0x31, der(4, value)))


def entry(content: bytes, kind: int = 2) -> bytes:
    length = 8 + len(content)
    return pack("<IHH", length, 0x200, kind) + content + bytes(-length % 8)


def program(block: bytes, overlay: bytes = b"", behind: bytes = b"") -> bytes:
    place = END + len(overlay)
    directories = ((0, 0),) * 4 + ((place, len(block)),) + ((0, 0),) * 11
    size = place + len(block) + len(behind)
    contents = ((END, overlay + block + behind),)
    return Pe(directories=directories, size=size, contents=contents).build()


def parts(data: bytes) -> list[tuple[bytes, bytes]]:
    found = named(overlay.unpack(Reader.of(data)))
    assert overlay.recognises(data, Reader.of(data)) == bool(found)
    return found


def test_an_overlay_ends_where_the_signature_begins() -> None:
    assert parts(program(entry(signature()), SCRIPT)) == [(b"overlay", SCRIPT)]
    data = Pe(size=END + len(SCRIPT), contents=((END, SCRIPT),)).build()
    assert parts(data) == [(b"overlay", SCRIPT)]


def test_what_is_behind_the_signature_is_an_overlay_too() -> None:
    data = program(entry(signature()), b"", SCRIPT)
    assert parts(data) == [(b"overlay", SCRIPT)]


@pytest.mark.parametrize(
    "front", [b"PK\3\4", b"MSCF", b"\0\0\0\0\xef\xbe\xad\xdeNulls"]
)
def test_what_others_open_is_left_to_them(front: bytes) -> None:
    front += b"oftInst" if front.endswith(b"Nulls") else b""
    assert parts(program(entry(signature()), front.ljust(99, b"x"))) == []


def test_a_good_signature_hides_nothing() -> None:
    times = attribute(TIME, bytes(range(99)))
    assert parts(program(entry(signature()) + entry(signature(times)))) == []


def test_bytes_behind_a_signature_are_a_part() -> None:
    data = program(entry(signature() + SCRIPT) + entry(signature()))
    assert parts(data) == [(b"signature padding", SCRIPT)]


def test_attributes_that_are_not_signed_are_parts() -> None:
    block = entry(signature(attribute(TIME, b"x" * 9), attribute(OWN, SCRIPT)))
    ((name, content),) = parts(program(block))
    assert name == b"signature attribute 1.3.6.1.4.1.11129.2.1.42767"
    assert content.endswith(SCRIPT)


def test_entries_of_another_kind_are_parts() -> None:
    assert parts(program(entry(SCRIPT, 1)))[0] == (b"signature unknown", SCRIPT)
    assert parts(program(entry(SCRIPT)))[0] == (b"signature unknown", SCRIPT)


def test_what_hides_there_has_its_way() -> None:
    archive = zipped({"a.js": MARK * 2})
    data = program(entry(signature() + archive), b"<html>" + SCRIPT)
    assert {"overlay", "a.js"} <= seen(data).ways
    assert "signature padding" in seen(data).parts


@given(st.binary(max_size=200))
def test_any_block_is_read(block: bytes) -> None:
    data = program(block, b"", b"")
    collect(overlay.unpack(Reader.of(data)))
    data = program(entry(block))
    collect(overlay.unpack(Reader.of(data)))


@given(st.data())
def test_damage_in_a_signature_is_survived(data: st.DataObject) -> None:
    block = bytearray(entry(signature(attribute(OWN, SCRIPT))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(block) - 1))
        block[place] = data.draw(st.integers(0, 255))
    collect(overlay.unpack(Reader.of(program(bytes(block)))))


@given(st.binary(max_size=400))
def test_arbitrary_bytes_behind_the_magic_give_nothing_or_parts(data: bytes) -> None:
    collect(overlay.unpack(Reader.of(b"MZ" + data)))


def test_more_entries_than_anybody_writes_end() -> None:
    data = program(pack("<IHH", 8, 0x200, 9) * 10_000)
    reader = Reader.of(data)
    found = list(signed.hidden(pe.read(reader), reader))
    assert len(found) == signed.MOST_ENTRIES
