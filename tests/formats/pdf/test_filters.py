"""Behaviour of the filters of PDF, each against an encoder."""

import base64
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.formats.decompressor import Undecoded
from clearward.formats.pdf.filters import chain, decoded
from clearward.formats.pdf.objects import Dictionary, Name, Value


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def undo(data: bytes, *names: bytes, size: int = 7, **told: Value) -> bytes:
    parameters = Dictionary({key.encode(): [value] for key, value in told.items()})
    steps = chain([Name(each) for each in names], [parameters] * len(names))
    return b"".join(decoded(pieces(data, size), steps))


def lzw_packed(data: bytes, early: int) -> bytes:
    """Pack with a table of its own, as the format's description tells."""
    bits = ""
    table: dict[bytes, int] = {}

    def clear() -> None:
        table.clear()
        table.update({bytes((each,)): each for each in range(256)})

    def width() -> int:
        return min(max((len(table) + 1 + early).bit_length(), 9), 12)

    clear()
    bits += f"{256:09b}"
    before = b""
    for each in data:
        longer = before + bytes((each,))
        if longer in table:
            before = longer
            continue
        bits += f"{table[before]:0{width()}b}"
        table[longer] = len(table) + 2
        before = bytes((each,))
        if len(table) > 4000:
            bits += f"{256:0{width()}b}"
            clear()
    if before:
        bits += f"{table[before]:0{width()}b}"
        table[before + b"end"] = 0
    bits += f"{257:0{width()}b}"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


@given(st.binary(max_size=400), st.integers(1, 50))
def test_text_filters_come_back(data: bytes, size: int) -> None:
    assert undo(data.hex().encode() + b">", b"AHx", size=size) == data
    packed = base64.a85encode(data, wrapcol=40) + b"~>"
    assert undo(packed, b"ASCII85Decode", size=size) == data


@given(st.lists(st.binary(min_size=1, max_size=128) | st.integers(2, 128), max_size=9))
def test_runs_come_back(runs: list[bytes | int]) -> None:
    packed, data = b"", b""
    for run in runs:
        if isinstance(run, bytes):
            packed += bytes((len(run) - 1,)) + run
            data += run
        else:
            packed += bytes((257 - run, 65))
            data += b"A" * run
    assert undo(packed + b"\x80junk", b"RunLengthDecode") == data


@pytest.mark.parametrize("early", [0, 1])
@pytest.mark.parametrize(
    "data", [b"", b"-----A---B", bytes(range(256)) * 60, bytes(9999)]
)
def test_lzw_comes_back(data: bytes, early: int) -> None:
    assert undo(lzw_packed(data, early), b"LZWDecode", EarlyChange=early) == data


def test_the_example_of_the_standard_comes_back() -> None:
    packed = bytes.fromhex("800b6050220c0c8501")
    assert undo(packed, b"LZWDecode") == bytes((45, 45, 45, 45, 45, 65, 45, 45, 45, 66))


def test_a_code_from_nowhere_is_malformed_and_what_came_before_is_there() -> None:
    steps = chain(Name(b"LZW"), None)
    chunks = decoded(iter([b"\x80\x10\x5f\xff\xff"]), steps)
    assert next(chunks).startswith(b"A")
    with pytest.raises(Malformed):
        list(chunks)


def test_a_chain_is_undone_in_its_order() -> None:
    packed = base64.a85encode(zlib.compress(b"text").hex().encode()) + b"~>"
    assert undo(packed, b"A85", b"AHx", b"FlateDecode") == b"text"


def test_a_wrong_checksum_is_not_asked_for() -> None:
    assert undo(zlib.compress(b"text")[:-4] + b"abcd", b"FlateDecode") == b"text"


def test_flate_without_its_header_or_behind_a_line_is_inflated() -> None:
    packed = zlib.compress(b"text" * 9)
    assert undo(b"\r\n" + packed, b"FlateDecode") == b"text" * 9
    assert undo(packed[2:], b"FlateDecode") == b"text" * 9


@pytest.mark.parametrize("names", [[b"FlateDecode"] * 17, [b"Made Up"]])
def test_what_is_not_known_is_said(names: list[bytes]) -> None:
    with pytest.raises(Undecoded):
        undo(b"", *names)


ROWS = [bytes(range(each, each + 6)) for each in (1, 9, 70, 200, 250)]


def png_packed(how: int, pixel: int) -> bytes:
    output, above = b"", bytes(6)
    for row in ROWS:
        values = []
        for place, value in enumerate(row):
            left = row[place - pixel] if place >= pixel else 0
            corner = above[place - pixel] if place >= pixel else 0
            up = above[place]
            guess = left + up - corner
            nearest = min((left, up, corner), key=lambda each: abs(guess - each))
            told = (0, left, up, (left + up) // 2, nearest)[how]
            values.append((value - told) & 0xFF)
        output += bytes((how, *values))
        above = row
    return zlib.compress(output)


@pytest.mark.parametrize("how", range(5))
@pytest.mark.parametrize("pixel", [1, 3])
def test_rows_of_png_come_back(how: int, pixel: int) -> None:
    told = {"Predictor": 15, "Colors": pixel, "Columns": 6 // pixel}
    assert undo(png_packed(how, pixel), b"FlateDecode", **told) == b"".join(ROWS)


def test_rows_of_tiff_come_back() -> None:
    packed = zlib.compress(bytes((1, 2, 3, 1, 1, 1)) * 2)
    told = {"Predictor": 2, "Colors": 3, "Columns": 2}
    assert undo(packed, b"FlateDecode", **told) == bytes((1, 2, 3, 2, 3, 4)) * 2


NAMES = st.sampled_from([b"Fl", b"LZW", b"A85", b"AHx", b"RL"])


@given(st.binary(max_size=200), st.lists(NAMES, max_size=3), st.integers(0, 20))
def test_arbitrary_bytes_are_decoded_or_malformed(
    data: bytes, names: list[bytes], kind: int
) -> None:
    try:
        assert isinstance(undo(data, *names, Predictor=kind, Columns=3), bytes)
    except Malformed as error:
        assert error.format == "pdf"


@given(st.lists(st.binary(min_size=3, max_size=3), min_size=1, max_size=9))
def test_rows_without_a_predictor_come_back_beside_others(rows: list[bytes]) -> None:
    plain = b"".join(b"\0" + row for row in rows)
    last = b"\2" + bytes(3)  # the same as the row above it
    told = {"Predictor": 15, "Columns": 3}
    for size in (4, 7, 8, 64):
        shown = undo(zlib.compress(plain + last), b"FlateDecode", size=size, **told)
        assert shown == b"".join(rows) + rows[-1]
