"""Behaviour of signatures over the members of containers."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.rules.clamav.fault import LeftOut, Wrong
from clearward.rules.clamav.listed import MemberSignature
from clearward.rules.clamav.members import read_member

ANY = ["a", "CL_TYPE_ZIP", *["*"] * 8]


def line(**changed: str) -> str:
    """Return a line of which some fields, by number, are changed."""
    fields = list(ANY)
    for field, text in changed.items():
        fields[int(field[1:]) - 1] = text
    return ":".join(fields)


def test_a_star_is_any() -> None:
    assert read_member(line(f2="*"), 3) == MemberSignature(
        "a", None, None, None, None, None, None, None, None, line=3
    )


def test_every_field_is_read() -> None:
    text = r"a:CL_TYPE_ZIP:1-2:foo\.exe:10:5-6:1:3:0xDEADbeef:x"
    assert read_member(text, 1) == MemberSignature(
        name="a",
        container="CL_TYPE_ZIP",
        container_size=(1, 2),
        pattern=r"foo\.exe",
        packed=(10, 10),
        size=(5, 6),
        encrypted=True,
        position=(3, 3),
        checksum=0xDEADBEEF,
        line=1,
    )
    assert read_member(line(f7="0"), 1).encrypted is False


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(
            (1, ""),
            (2, "ZIP"),
            (2, ""),
            (3, "5-"),
            (3, "-5"),
            (3, "x"),
            (4, ""),
            (5, "1x"),
        ),
        *((6, ""), (7, "2"), (7, ""), (8, "x"), (9, "xyz"), (9, "123456789")),
    ],
)
def test_a_wrong_line_names_its_field(field: int, text: str) -> None:
    with pytest.raises(Wrong) as caught:
        read_member(line(**{f"f{field}": text}), 1)
    assert caught.value.field == field


def test_levels_may_follow() -> None:
    for levels in ("50", "1:999"):
        read_member(f"{line()}:{levels}", 1)
    for levels in ("999", "1:50"):
        with pytest.raises(LeftOut):
            read_member(f"{line()}:{levels}", 1)
    for levels in ("x", "1:2:3"):
        with pytest.raises(Wrong):
            read_member(f"{line()}:{levels}", 1)
    with pytest.raises(Wrong, match="9 fields"):
        read_member(line().removesuffix(":*"), 1)


@given(st.lists(st.text("*0129-CL_TYPEZIP") | ANY_TEXT, min_size=8, max_size=13))
def test_any_text_is_a_line_or_wrong(fields: list[str]) -> None:
    with contextlib.suppress(Wrong, LeftOut):
        assert read_member(":".join(fields), 1).name
