"""Pieces and their elements: what is refused, and what stands near."""

import struct

import pytest
from support.image import (
    Made,
    border,
    choice,
    masked,
    near,
    piece,
    plain,
    skip,
)

from clearward.native.errors import BadImage
from clearward.native.layout import MOST_NESTING, PIECE, Border
from clearward.native.pieces import Piece, ends, read_piece
from clearward.native.span import Span
from clearward.native.steps import OutOfSteps, Steps

WORD = border(Border.WORD)
NEAR = near(b"a", b"\xff", (0, 1), before=True)


def read(code: bytes, *, first: bool = True) -> Piece:
    span = Span(memoryview(code), "a body")
    made = read_piece(span, first=first)
    span.done()
    return made


def nested(depth: int) -> Made:
    made = plain(b"ab")
    for _ in range(depth):
        made = choice([made])
    return made


def test_a_piece_may_end_at_several_places() -> None:
    made = read(piece(plain(b"a"), choice([plain(b"b")], [plain(b"bb")], [skip(3)])))
    assert ends(made, b"abbb", 0, Steps(99)) == [2, 3, 4]
    assert ends(made, b"abb", 0, Steps(99)) == [2, 3]
    assert ends(made, b"aabb", 1, Steps(99)) == [3, 4]


def test_a_byte_near_a_piece_is_looked_at_in_its_distance() -> None:
    front = near(b"a", b"\xff", (1, 2), before=True)
    made = read(piece(front, plain(b"xx")))
    found = [bool(ends(made, data, data.index(b"x"), Steps(9))) for data in
             (b"axx", b"a.xx", b"a..xx", b"a...xx", b"xx")]  # fmt: skip
    assert found == [False, True, True, False, False]
    back = near(b"A\0", b"\xdf\xff", (0, 32), before=False)
    made = read(piece(plain(b"xx"), back))
    assert ends(made, b"xxA\0", 0, Steps(9)) == [2]
    assert ends(made, b"xx" + bytes(32) + b"a\0", 0, Steps(9)) == [2]
    assert ends(made, b"xx" + bytes(33) + b"a\0", 0, Steps(9)) == []
    assert ends(made, b"xxa", 0, Steps(9)) == []


def test_a_border_beside_a_near_byte_belongs_to_the_piece() -> None:
    front = near(b"a", b"\xff", (1, 1), before=True)
    back = near(b"z", b"\xff", (0, 0), before=False)
    made = read(piece(front, WORD, plain(b"xx"), WORD, back))
    assert made.takes == (2, 2)
    assert ends(made, b"a.xx", 2, Steps(9)) == []
    assert ends(made, b"a.xxz", 2, Steps(9)) == []
    made = read(piece(front, WORD, plain(b"xx")))
    assert ends(made, b"a.xx", 2, Steps(9)) == [4]


def test_a_choice_of_what_takes_long_runs_out_of_steps() -> None:
    made = read(piece(*[choice([skip(1)], [skip(2)])] * 50))
    assert ends(made, bytes(200), 0, Steps(10**5))[-1] == 100
    with pytest.raises(OutOfSteps):
        ends(made, bytes(200), 0, Steps(99))


def patched(code: bytes, field: int, value: int) -> bytes:
    fields = list(PIECE.unpack_from(code))
    fields[field] = value
    return PIECE.pack(*fields) + code[PIECE.size :]


WHOLE = piece(skip(2), plain(b"abcd"))
LEAST_GAP, MOST_GAP, LENGTH, LEAST, MOST, DISTANCE, OFFSET, KEY = range(8)


@pytest.mark.parametrize(
    ("code", "field"),
    [
        (piece(plain(b"ab"), gap=(0, 1)), "first piece"),
        (patched(WHOLE, LEAST, 5), "length of a piece"),
        (patched(WHOLE, MOST, 7), "length of a piece"),
        (patched(WHOLE, DISTANCE, 1), "key"),
        (patched(WHOLE, OFFSET, 3), "key"),
        (patched(WHOLE, OFFSET, 9), "key"),
        (patched(WHOLE, KEY, 5), "key"),
        (patched(WHOLE, KEY, 0), "key"),
        (patched(WHOLE, LENGTH, 99), "too early"),
        (patched(WHOLE, LENGTH, 9), "too early|padding|length"),
        (WHOLE[:-1] + b"\1", "padding"),
        (piece(Made(b"\x01\0\0", 0, 0), plain(b"a")), "length"),
        (piece(Made(b"\x07", 0, 0), plain(b"a")), "element"),
        (piece(Made(b"\x05\x09\0", 0, 0), plain(b"a")), "border"),
        (piece(Made(b"\x05\x01\2", 0, 0), plain(b"a")), "negation"),
        (piece(masked(b"\xff", b"\x0f")), "mask"),
        (piece(plain(b"a"), NEAR, plain(b"a")), "near"),
        (piece(near(b"a", b"\xff", (2, 1), before=True), plain(b"a")), "distance"),
        (piece(near(b"a", b"\xff", (0, 33), before=True), plain(b"a")), "distance"),
        (piece(near(b"abc", b"\xff" * 3, (0, 1), before=True), plain(b"a")), "length"),
        (piece(Made(b"\x06\2\0\0\1a\xff", 0, 0), plain(b"a")), "side"),
        (piece(plain(b"a"), border(Border.WIDE, within=True), plain(b"a")), "border"),
        (piece(WORD), "length of a piece"),
        (piece(choice([plain(b"a")], [plain(b"ab")], negated=True)), "negated"),
        (piece(choice([])), "empty"),
        (piece(Made(b"\x04\0\0\0", 0, 0), plain(b"a")), "alternatives"),
        (piece(Made(b"\x04\2" + struct.pack("<H", 1), 0, 0), plain(b"a")), "negation"),
        (piece(choice([plain(b"a"), WORD])), "choice"),
        (piece(choice([NEAR])), "choice"),
        (piece(nested(MOST_NESTING + 1)), "nesting"),
    ],
)  # fmt: skip
def test_a_broken_piece_is_refused(code: bytes, field: str) -> None:
    with pytest.raises(BadImage, match=field):
        read(code)


def test_gaps_ascend() -> None:
    with pytest.raises(BadImage, match="gap"):
        read(piece(plain(b"ab"), gap=(2, 1)), first=False)


def test_choices_nest_as_deep_as_signatures_do() -> None:
    made = read(piece(nested(MOST_NESTING)))
    assert ends(made, b"ab", 0, Steps(99)) == [2]


def test_a_key_may_be_any_part_of_plain_bytes_at_a_fixed_distance() -> None:
    made = read(patched(patched(patched(WHOLE, DISTANCE, 3), OFFSET, 7), KEY, 2))
    assert made.key == b"bc"
    assert made.distance == 3
