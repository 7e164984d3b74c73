"""Tests of signatures as programs."""

import struct

import pytest
from support.signatures import body

from clearward.native.layout import Condition, Flag, Where
from clearward.rules.clamav.model import (
    Compare,
    Count,
    Demand,
    Image,
    Macro,
    Place,
    Regex,
    Signature,
    Sub,
    Term,
)
from clearward.rules.image.elements import encode_body
from clearward.rules.image.encode import Encoder, flags_of
from clearward.rules.image.frequencies import Frequencies
from clearward.rules.image.texts import Texts, Types
from clearward.rules.image.unusable import Unusable

NONE = Frequencies({})
SUB_0 = b"\2\0\1\0"
AB = encode_body(body(b"ab"), NONE)


def encode(*subs: Sub, demands: tuple[Demand, ...] = ()) -> bytes:
    encoder = Encoder(NONE, Types(), Texts())
    return encoder.encode(Signature("A", 1, subs, Term(0), demands))


def split(program: bytes) -> list[tuple[int, bytes]]:
    """Return kind and payload of each sub of a program without conditions."""
    assert program[0] == 0
    assert program.endswith(SUB_0)
    place, subs = 1, []
    while place < len(program) - len(SUB_0):
        kind, flags, length = struct.unpack_from("<BBxxI", program, place)
        assert flags == 0
        subs.append((kind, program[place + 8 : place + 8 + length]))
        place += 8 + length
    return subs


def test_conditions_stand_first_and_end_with_a_zero() -> None:
    demands = (
        Demand(Condition.FILE_SIZE, (5, 1 << 70)),
        Demand(Condition.INTERMEDIATES, names=("ZIP", "PE")),
        Demand(Condition.CONTAINER, names=("PE",)),
        Demand(Condition.CONTAINER, names=("CL_TYPE_ANY",)),
        Demand(Condition.ICONS, names=("abc",)),
    )
    start = struct.pack("<BB2Q", 1, 2, 5, (1 << 64) - 1)
    start += struct.pack("<BB2QBBQBBQBBQ", 5, 2, 1, 2, 4, 1, 2, 4, 1, 0, 6, 1, 3 << 32)
    assert encode(body(b"ab"), demands=demands).startswith(start + b"\0\1")


def test_every_kind_of_sub_has_its_payload() -> None:
    subs = (
        body(b"ab"),
        Regex(Term(0), "x+", "ir", Place(Where.START, 4)),
        Compare(0, -3, "h", little=True, exact=True, length=4, tests=(("<", -1),)),
        body(b"ab"),
        Macro(3, 1, 1 << 40),
        Image(b"12345678", 2),
    )
    assert split(encode(*subs)) == [
        (1, AB),
        (2, struct.pack("<BxHIqQIII", 1, 0, 0, 4, 0, 9, 0, 2) + SUB_0),
        (3, struct.pack("<BBBBB3xqQB7xq", 0, 104, 108, 1, 1, -3, 4, 60, -1)),
        (1, AB),
        (4, struct.pack("<III", 3, 1, 0xFFFFFFFF)),
        (5, b"12345678\2\0\0\0"),
    ]


AB_SUB = body(b"ab")


@pytest.mark.parametrize(
    "subs",
    [
        pytest.param((), id="none"),
        pytest.param((AB_SUB,) * 65, id="65"),
        pytest.param((AB_SUB, Regex(Term(1), "x")), id="trigger is itself"),
        pytest.param((AB_SUB, Regex(Term(0), "x", "?")), id="letter"),
        pytest.param((Macro(1, 2, 3),), id="macro first"),
        pytest.param((AB_SUB, Macro(32, 2, 3)), id="group"),
        pytest.param(
            (AB_SUB, Compare(1, 0, "h", little=True, exact=True, length=1, tests=())),
            id="itself",
        ),
        pytest.param(
            (AB_SUB, Compare(2, 0, "h", little=True, exact=True, length=1, tests=())),
            id="another",
        ),
        pytest.param(
            (AB_SUB, Compare(0, 0, "x", little=True, exact=True, length=1, tests=())),
            id="form",
        ),
        pytest.param(
            (
                AB_SUB,
                Compare(0, 1 << 63, "h", little=True, exact=True, length=1, tests=()),
            ),
            id="far",
        ),
        pytest.param((Image(b"1"),), id="hash"),
        pytest.param(
            (body(b"ab", place=Place(Where.SECTION, section=1 << 16)),), id="s"
        ),
    ],
)
def test_what_has_no_room_is_refused(subs: tuple[Sub, ...]) -> None:
    with pytest.raises(Unusable):
        encode(*subs)


def test_a_target_and_a_condition_have_to_fit() -> None:
    encoder = Encoder(NONE, Types(), Texts())
    for target in (-1, 15):
        with pytest.raises(Unusable):
            encoder.encode(Signature("A", target, (AB_SUB,), Term(0)))
    with pytest.raises(Unusable):
        encode(AB_SUB, demands=(Demand(Condition.FILE_SIZE, (1,) * 256),))
    with pytest.raises(Unusable):
        encode(AB_SUB, demands=(Demand(Condition.FILE_SIZE, (-1,)),))


def test_flags_tell_what_native_code_cannot_decide() -> None:
    def flags(
        *subs: Sub, demands: tuple[Demand, ...] = (), unwanted: bool = False
    ) -> Flag:
        expression = Count(0, ">", 1)
        return flags_of(Signature("A", 1, subs, expression, demands, unwanted=unwanted))

    assert flags(AB_SUB) == Flag(0)
    assert flags(AB_SUB, unwanted=True) == Flag.UNWANTED
    assert flags(AB_SUB, Regex(Term(0), "x"), unwanted=True) == Flag(3)
    assert flags(Image(b"12345678")) == Flag.DEFERRED
    assert flags(AB_SUB, demands=(Demand(Condition.ICONS),)) == Flag.DEFERRED
