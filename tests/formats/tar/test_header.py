"""Behaviour of tar header blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.tar.header import BLOCK, number, parse, resembles, sound


def block(**fields: bytes) -> bytes:
    """A header of a file of 3 bytes, with fields at ``at_<offset>`` written over it."""
    data = bytearray(BLOCK)
    data[:1], data[100:107], data[124:135], data[156:157] = (
        b"a",
        b"0000644",
        b"00000000003",
        b"0",
    )
    for place, value in fields.items():
        at = int(place.removeprefix("at_"))
        data[at : at + len(value)] = value
    return bytes(data)


def summed(data: bytes, *, signed: bool = False) -> bytes:
    """The block with its checksum."""
    blank = data[:148] + b" " * 8 + data[156:]
    total = sum(byte - 256 * (signed and byte > 127) for byte in blank)
    return data[:148] + b"%06o\0 " % total + data[156:]


@pytest.mark.parametrize("signed", [False, True])
def test_a_block_with_its_own_checksum_is_sound(signed: bool) -> None:  # noqa: FBT001
    data = summed(block(at_0=b"\xe9t\xe9", at_329=b"\x01"), signed=signed)
    assert sound(data)
    assert sound(b"x" * 7 + data, 7)
    assert not sound(data[:-1])
    assert not sound(data[:200] + b"\x01" + data[201:])


@pytest.mark.parametrize(
    "data", [bytes(BLOCK), b" " * BLOCK, b"7" * BLOCK, b"text " * 999, b"", b"0" * 155]
)
def test_ordinary_bytes_are_not_sound(data: bytes) -> None:
    assert not sound(data)


@pytest.mark.parametrize("written", [b"%o\0 ", b" %o \0", b"%07o\0", b"\0%06o ", b"%o"])
def test_a_checksum_is_read_however_it_is_padded(written: bytes) -> None:
    data = summed(block())
    total = int(data[148:154], 8)
    assert sound(data[:148] + (written % total).ljust(8, b"\0") + data[156:])


def test_a_block_with_the_magic_or_the_fields_of_a_header_resembles_one() -> None:
    assert resembles(block(at_257=b"ustar"))
    assert resembles(block(at_148=b"000000\0 "))
    assert not resembles(block())
    assert not resembles(block(at_148=b"000000\0 ", at_124=b"x"))
    assert not resembles(b"text" * 128)


def test_a_posix_header_puts_its_prefix_before_the_name() -> None:
    assert parse(block(at_257=b"ustar\x0000", at_345=b"p/q")).name == b"p/q/a"
    assert parse(block(at_257=b"ustar\x0000")).name == b"a"
    assert parse(block(at_257=b"ustar  \0", at_345=b"1234")).name == b"a"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param(b"00000000017\0", 15, id="octal"),
        pytest.param(b"         17 ", 15, id="spaces"),
        pytest.param(b"17\0garbage..", 15, id="garbage behind the end"),
        pytest.param(b"777777777777", 8**12 - 1, id="no end"),
        pytest.param(bytes(12), 0, id="empty"),
        pytest.param(b"\x80" + (5).to_bytes(11, "big"), 5, id="binary"),
        pytest.param(b"\x80" + b"\xff" * 11, 2**88 - 1, id="binary and large"),
        pytest.param(b"\xbf" + b"\xff" * 11, 2**94 - 1, id="largest"),
        pytest.param(b"\xff" * 12, -1, id="negative"),
        pytest.param(b"00000000018\0", None, id="not octal"),
        pytest.param(b"-1\0\0\0\0\0\0\0\0\0\0", None, id="minus sign"),
        pytest.param(b"\x0000000000017", None, id="number behind a NUL"),
    ],
)
def test_numbers_are_text_or_binary(field: bytes, value: int | None) -> None:
    assert number(field) == value


@pytest.mark.parametrize("size", [b"\xff" * 12, b"zzz"])
def test_a_size_below_zero_or_unreadable_is_none(size: bytes) -> None:
    assert parse(block(at_124=size)).size is None


@given(st.binary(min_size=BLOCK, max_size=BLOCK))
def test_any_block_is_read_without_an_error(data: bytes) -> None:
    header = parse(data)
    assert header.size is None or 0 <= header.size < 2**94
    assert len(header.kind) == 1
    resembles(data)
    assert sound(summed(data))


@given(st.binary(min_size=BLOCK, max_size=BLOCK) | st.just(b"\xff" * BLOCK))
def test_any_block_is_sound_with_its_checksum(data: bytes) -> None:
    assert sound(summed(data))
    changed = bytes([(data[0] + 1) % 256]) + data[1:]
    assert not sound(changed[:148] + summed(data)[148:156] + changed[156:])
