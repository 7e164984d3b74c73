"""Programs: sub-signatures that refer to what is not there are refused."""

import pytest
from support.image import (
    Sig,
    compare,
    macro,
    picture,
    place,
    regex,
    sub,
    term,
)
from support.notation import body

from clearward.native.errors import BadImage
from clearward.native.layout import SubKind, Where
from clearward.native.programs import Picture, read_program

BODY = body("6162")
TEST = ("=", 1)


def read(*subs: bytes, texts: int = 0) -> object:
    return read_program(memoryview(Sig(subs).program), len(subs), texts, 0)


@pytest.mark.parametrize(
    ("subs", "field"),
    [
        ([b"\6" + BODY[1:]], "kind"),
        ([b"\1\1" + BODY[2:]], "flags"),
        ([BODY[:4] + bytes([BODY[4] + 1]) + BODY[5:]], "."),
        ([sub(SubKind.BODY, BODY[8:] + b"\0")], "too long"),
        ([sub(SubKind.BODY, place() + bytes(4))], "chains"),
        ([sub(SubKind.BODY, place() + b"\1\0\1\0")], "chains"),
        ([sub(SubKind.BODY, place() + b"\1\0\0\0" + bytes(4))], "pieces"),
        ([macro(1, 1, 2)], "before a macro"),
        ([picture(), macro(1, 1, 2)], "before a macro"),
        ([BODY, macro(1, 3, 2)], "distance"),
        ([BODY, macro(32, 1, 2)], "group"),
        ([BODY, compare(1, 0, "d", 1, TEST)], "sub of a compare"),
        ([BODY, compare(2, 0, "d", 1, TEST)], "sub of a compare"),
        ([picture(), compare(0, 0, "d", 1, TEST)], "sub of a compare"),
        ([BODY, compare(2, 0, "d", 1, TEST), regex(term(0))], "compare"),
        ([BODY, compare(0, 0, "x", 1, TEST)], "form"),
        ([BODY, compare(0, 0, "dx", 1, TEST)], "order"),
        ([BODY, compare(0, 0, "d", 0, TEST)], "length"),
        ([BODY, compare(0, 0, "d", 256, TEST)], "length"),
        ([BODY, compare(0, 0, "ib", 3, TEST)], "length"),
        ([BODY, compare(0, 0, "d", 1)], "comparisons"),
        ([BODY, compare(0, 0, "d", 1, TEST, TEST, TEST)], "comparisons"),
        ([BODY, compare(0, 0, "d", 1, ("!", 1))], "operator"),
        ([BODY, compare(0, 1 << 62, "d", 1, TEST)], "offset"),
        ([BODY, regex(term(1))], "sub-signature"),
        ([BODY, regex(term(0), 1)], "text"),
        ([BODY, regex(term(0), at=place(Where.GROUP))], "place"),
        ([BODY, sub(SubKind.IMAGE, bytes(11))], "too early"),
        ([BODY, sub(SubKind.IMAGE, bytes(13))], "too long"),
    ],
)
def test_a_broken_sub_signature_is_refused(subs: list[bytes], field: str) -> None:
    with pytest.raises(BadImage, match=field):
        read(*subs)


def test_nothing_stands_behind_a_program() -> None:
    with pytest.raises(BadImage, match="too long"):
        read_program(memoryview(Sig([BODY]).program + b"\0"), 1, 0, 0)


def test_a_program_says_whether_it_waits() -> None:
    program = Sig([picture(b"12345678")]).program
    made = read_program(memoryview(program), 1, 0, 0)
    assert made.waits
    assert made.subs == (Picture(b"12345678", 0),)
