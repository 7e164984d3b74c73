"""Tests of bodies as programs."""

import struct

import pytest

from clearward.native.layout import PIECE, PLACE, UNBOUNDED, Border, Where
from clearward.rules.clamav.model import (
    Body,
    Bytes,
    Chain,
    Choice,
    Edge,
    Element,
    Masked,
    Near,
    Piece,
    Place,
    Skip,
)
from clearward.rules.image.elements import encode_body, encode_place
from clearward.rules.image.frequencies import Frequencies
from clearward.rules.image.unusable import Unusable

COMMON = Frequencies({b"This": 9, b"his ": 9, bytes(4): 2})


def chains(payload: bytes) -> list[list[tuple[tuple[int, ...], bytes]]]:
    """Read a payload: heads and programs of the pieces of each chain."""
    (count,) = struct.unpack_from("<I", payload, PLACE.size)
    place = PLACE.size + 4
    found = []
    for _ in range(count):
        (pieces,) = struct.unpack_from("<I", payload, place)
        place += 4
        chain = []
        for _ in range(pieces):
            head = PIECE.unpack_from(payload, place)
            place += PIECE.size
            chain.append((head, payload[place : place + head[2]]))
            place += head[2]
            assert not any(payload[place : place + -head[2] % 4])
            place += -head[2] % 4
        found.append(chain)
    assert place == len(payload)
    return found


def encode(*elements: Element) -> tuple[tuple[int, ...], bytes]:
    ((piece,),) = chains(encode_body(Body((Chain((elements,)),)), COMMON))
    return piece


@pytest.mark.parametrize(
    ("place", "row"),
    [
        (Place(Where.SECTION, -5, 1 << 70, 3, 7), (4, 3, 0, -5, 1 << 61)),
        (Place(Where.IN_SECTION, 4, 6, 3), (5, 3, 0, 0, 6)),
        (Place(Where.END, 5, 2, 9, 9), (2, 0, 0, 5, 2)),
        (Place(Where.GROUP, 1, 2, 3, 31), (8, 0, 31, 0, 0)),
        (Place(Where.ANYWHERE, 1, 2, 3, 4), (0, 0, 0, 0, 0)),
    ],
)
def test_a_place_says_what_its_kind_asks_for(
    place: Place, row: tuple[int, ...]
) -> None:
    assert PLACE.unpack(encode_place(place)) == row


@pytest.mark.parametrize(
    "place",
    [
        Place(Where.START, (1 << 61) + 1),
        Place(Where.START, -1),
        Place(Where.END, -1),
        Place(Where.GROUP, group=32),
    ],
)
def test_a_place_that_cannot_be_is_refused(place: Place) -> None:
    with pytest.raises(Unusable):
        encode_place(place)


def test_borders_and_bytes_near_a_piece_take_no_byte_around_it_only() -> None:
    near = Near(0xFF, 0x0F, 2, 5, before=True)
    edge = Edge(Border.LINE)
    head, program = encode(near, edge, Bytes(b"ab"), edge, Bytes(b"cd"), edge)
    assert program == bytes.fromhex(
        "06 01 02 05 01 0f 0f 050200 0102006162 050200 0102006364 050200"
    )
    assert head[3:5] == (5, 5)
    assert program[head[6] : head[6] + head[7]] in {b"ab", b"cd"}


def test_elements_stand_one_after_the_other() -> None:
    head, program = encode(
        Bytes(b"ab"),
        Masked(b"A0", b"\xdf\xf0"),
        Skip(3),
        Choice(((Bytes(b"x"),), (Bytes(b"yz"), Skip(1)))),
        Choice(((Bytes(b"q"),),), negated=True),
        Edge(Border.LINE, negated=True),
    )
    assert program == bytes.fromhex(
        "01 0200 6162"
        "02 0200 4130 dff0"
        "03 0300"
        "04 00 0200 0400 01010078 0800 010200797a 030100"
        "04 01 0100 0400 01010071"
        "05 02 01"
    )
    assert head == (0, 0, len(program), 9, 11, 0, 3, 2)


def test_gaps_stand_before_their_pieces() -> None:
    body = Body(
        (
            Chain(((Bytes(b"ab"),), (Bytes(b"cd"),)), ((3, None),)),
            Chain(((Bytes(b"e"),), (Bytes(b"f"),)), ((0, 1 << 40),)),
        )
    )
    first, second = chains(encode_body(body, COMMON))
    assert [head[:2] for head, _ in first] == [(0, 0), (3, UNBOUNDED)]
    assert [head[:2] for head, _ in second] == [(0, 0), (0, UNBOUNDED)]


@pytest.mark.parametrize(
    ("elements", "key"),
    [
        pytest.param((Bytes(b"This is"),), (2, b"is is"), id="past what is common"),
        pytest.param(
            (Bytes(b"This"), Skip(2), Bytes(b"rare")), (6, b"rare"), id="of two"
        ),
        pytest.param(
            (Bytes(bytes(9)), Masked(b"A", b"\xdf"), Bytes(b"ab")),
            (10, b"ab"),
            id="a short one before zeros",
        ),
        pytest.param(
            (Bytes(b"This"), Choice(((), (Skip(1),))), Bytes(b"rare")),
            (0, b"This"),
            id="not behind what varies",
        ),
        pytest.param((Masked(b"A", b"\xdf"),), (0, b""), id="none"),
        pytest.param((Bytes(bytes(range(90))),), (0, bytes(range(16))), id="long"),
    ],
)
def test_the_key_is_the_rarest_plain_run_at_a_fixed_distance(
    elements: Piece, key: tuple[int, bytes]
) -> None:
    head, program = encode(*elements)
    distance, offset, length = head[5:]
    assert (distance, program[offset : offset + length]) == key


def test_runs_too_long_for_one_element_are_cut() -> None:
    head, program = encode(
        Bytes(b"a" * 70_000), Skip(70_000), Masked(b"b" * 70_000, b"c" * 70_000)
    )
    assert head[3:5] == (210_000, 210_000)
    assert program[65_538:][:3] == b"\1" + (70_000 - 65_535).to_bytes(2, "little")
    assert len(program) == 70_000 + 6 + 6 + 140_000 + 6


A = Bytes(b"a")
EDGE = Edge(Border.WORD)
DEEP: Piece = (Bytes(b"a"),)
for _ in range(16):
    DEEP = (Choice((DEEP,)),)


@pytest.mark.parametrize(
    "elements",
    [
        pytest.param((), id="nothing"),
        pytest.param((Edge(Border.WORD),), id="no byte"),
        pytest.param((Masked(b"a", b""),), id="masks"),
        pytest.param((Skip(-1),), id="negative"),
        pytest.param((Skip((1 << 24) + 1),), id="long"),
        pytest.param((Skip(1 << 24), Bytes(b"a")), id="long in all"),
        pytest.param((Choice(()),), id="no alternative"),
        pytest.param((Choice(((Skip(1),), (Skip(2),)), negated=True),), id="lengths"),
        pytest.param((Choice(((Bytes(bytes(65_534)),),)),), id="long alternative"),
        pytest.param(DEEP, id="deep"),
        pytest.param((Choice(((),)),), id="empty choice"),
        pytest.param((Choice(((EDGE,),)),), id="border in a choice"),
        pytest.param((A, Edge(Border.WIDE), A), id="wide border within"),
        pytest.param((A, Near(97, 255, 0, 1, before=True), A), id="near within"),
        pytest.param((A, Near(97, 255, 0, 33, before=True)), id="near too far"),
    ],
)
def test_what_has_no_room_is_refused(elements: Piece) -> None:
    with pytest.raises(Unusable):
        encode(*elements)


def test_chains_that_make_no_sense_are_refused() -> None:
    piece = (Bytes(b"a"),)
    for chain in (Chain(()), Chain((piece, piece)), Chain((piece,) * 2, ((-1, 2),))):
        with pytest.raises(Unusable):
            encode_body(Body((chain,)), COMMON)
    with pytest.raises(Unusable):
        encode_body(Body(()), COMMON)
