"""Behaviour of logical signatures."""

import pytest

from clearward.native.layout import Where
from clearward.rules.clamav.body import read_chain, read_chains
from clearward.rules.clamav.fault import LeftOut, Wrong
from clearward.rules.clamav.logical import read_logical
from clearward.rules.clamav.model import (
    Body,
    Both,
    Compare,
    Image,
    Macro,
    Place,
    Regex,
    Signature,
    Term,
)

HEAD = "A.b;Engine:81-255,Target:0"
BODY = Body((read_chain("6162"),))


def read(line: str) -> Signature:
    return read_logical(line, 9, unwanted=False)


def subs(*texts: str) -> list[object]:
    expression = "&".join(str(number) for number in range(len(texts)))
    return list(read(f"{HEAD};{expression};{';'.join(texts)}").subs)


def test_a_line_is_a_signature() -> None:
    line = "A.b;Engine:81-255,Target:1,HandlerType:CL_TYPE_PDF;0&1;6162;6162"
    assert read(line) == Signature(
        "A.b", 1, (BODY, BODY), Both(Term(0), Term(1)), (), "CL_TYPE_PDF", line=9
    )
    assert read_logical(f"{HEAD};0;6162", 1, unwanted=True).unwanted


def test_long_and_short_expressions_are_read_alike() -> None:
    long = "(" * 200 + "0" + ")" * 200
    assert read(f"a;Target:0;{long};6162") == read("a;Target:0;0;6162")


def test_a_body_has_an_offset_and_modifiers() -> None:
    assert subs(
        "6162", "*:6162", "5:6162", "6162::i", "EOF-4,2:6162::wa", "6162::"
    ) == [
        BODY,
        BODY,
        Body((read_chain("6162"),), Place(Where.START, 5)),
        Body(read_chains("6162", "i")),
        Body(read_chains("6162", "wa"), Place(Where.END, 4, 2)),
        BODY,
    ]


def test_after_a_second_double_colon_nothing_is_read() -> None:
    assert subs("6162::i*6364::i") == [BODY]


def test_there_are_other_sub_signatures() -> None:
    made = subs(
        "6162", "0(>>1#ib2#=3)", "${6-7}12$", "fuzzy_img#af2ad01ed42993c7", "0/a#$/i"
    )
    assert [type(sub) for sub in made] == [Body, Compare, Macro, Image, Regex]


def test_there_are_at_most_64_sub_signatures() -> None:
    assert len(subs(*["6162"] * 64)) == 64
    with pytest.raises(Wrong):
        subs(*["6162"] * 65)


def test_a_line_for_others_is_left_out_before_its_rest_is_read() -> None:
    with pytest.raises(LeftOut):
        read("a;Engine:999-1000,Target:0;what is this;?")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("a", 0),
        ("a;Target:0;0", 0),
        (";Target:0;0;6162", 1),
        ("a;Target;0;6162", 2),
        ("a;Target:0;0&;6162", 3),
        ("a;Target:0;0;6162;6162", 3),
        ("a;Target:0;1;6162", 3),
        ("a;Target:0;0;6162;", 3),
        ("a;Target:0;0;", 4),
        ("a;Target:0;0;61", 4),
        ("a;Target:0;0&1;6162;EP+0:6162", 5),
        ("a;Target:0;0;:6162", 4),
        ("a;Target:0;0;0:1:6162", 4),
        ("a;Target:0;0;6162:1", 4),
        ("a;Target:0;0;6162::x", 4),
        ("a;Target:0;0;6162#", 4),
        ("a;Target:0;0;fuzzy_imgy#af2ad01ed42993c7", 4),
        ("a;Target:0;0&1;6162;6162!(63|64)::i", 5),
        ("a;Target:0;0;$1$", 4),
    ],
)
def test_a_wrong_line_names_its_field(line: str, field: int) -> None:
    with pytest.raises(Wrong) as caught:
        read(line)
    assert caught.value.field == field


def test_a_wrong_sub_signature_is_named_by_its_number() -> None:
    with pytest.raises(Wrong, match="sub-signature 1: "):
        read("a;Target:0;0&1;6162;61")
