"""Behaviour of file-type magic."""

from dataclasses import replace

import pytest

from clearward.native.layout import Where
from clearward.rules.clamav.body import read_chain
from clearward.rules.clamav.fault import LeftOut, Why, Wrong
from clearward.rules.clamav.listed import Magic
from clearward.rules.clamav.magics import read_magic
from clearward.rules.clamav.model import Body, Bytes, Chain, Place

TYPES = "GIF:CL_TYPE_ANY:CL_TYPE_GRAPHICS"


def magic(body: Body, offset: int | None, *, carved: bool = False) -> Magic:
    return Magic("GIF", offset, body, "CL_TYPE_ANY", "CL_TYPE_GRAPHICS", carved, 5)


@pytest.mark.parametrize("how", ["0", "4"])
def test_bytes_stand_at_a_place(how: str) -> None:
    body = Body((Chain(((Bytes(b"G"),),)),), Place(Where.START, 9))
    expected = replace(magic(body, 9), plain=how == "0", partition=how == "4")
    assert read_magic(f"{how}:9:47:{TYPES}", 5) == expected


@pytest.mark.parametrize(
    ("offset", "place", "fixed"),
    [
        ("9", Place(Where.START, 9), 9),
        ("9,2", Place(Where.START, 9, 2), None),
        ("EOF-9", Place(Where.END, 9), None),
        ("*", Place(), None),
    ],
)
def test_a_body_may_stand_anywhere(
    offset: str, place: Place, fixed: int | None
) -> None:
    body = Body((read_chain("4748??49"),), place)
    expected = magic(body, fixed, carved=offset == "*")
    assert read_magic(f"1:{offset}:4748??49:{TYPES}", 5) == expected


def test_other_ways_and_levels_are_left_out() -> None:
    for line, why in (
        (f"2:0:47:{TYPES}", Why.WORD),
        (f"0:0:47:{TYPES}:999", Why.LEVEL),
        (f"0:0:47:{TYPES}::50", Why.LEVEL),
    ):
        with pytest.raises(LeftOut) as caught:
            read_magic(line, 1)
        assert caught.value.why is why
    assert read_magic(f"0:0:47:{TYPES}:50:999", 1).name == "GIF"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("0:0:47:GIF:CL_TYPE_ANY", 0),
        (f"0:0:47:{TYPES}:1:2:3", 0),
        (f"x:0:47:{TYPES}", 1),
        (f"0:*:47:{TYPES}", 2),
        (f"0:0,5:47:{TYPES}", 2),
        (f"0:0:4?:{TYPES}", 3),
        (f"0:0::{TYPES}", 3),
        (f"1:0:47:{TYPES}", 3),
        (f"1:EP+0:474849:{TYPES}", 3),
        ("0:0:47:GIF:ANY:CL_TYPE_GRAPHICS", 5),
        ("0:0:47:GIF:CL_TYPE_ANY:GRAPHICS", 6),
        (f"0:0:47:{TYPES}:x", 7),
    ],
)
def test_a_wrong_line_names_its_field(line: str, field: int) -> None:
    with pytest.raises(Wrong) as caught:
        read_magic(line, 1)
    assert caught.value.field == field
