"""Behaviour of offsets."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.native.layout import Where
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.model import Place
from clearward.rules.clamav.place import ANYWHERE, read_place

PE, ANY = 1, 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", ANYWHERE),
        ("0", Place(Where.START)),
        ("10", Place(Where.START, 10)),
        ("10,5", Place(Where.START, 10, 5)),
        ("10,", Place(Where.START, 10)),
        ("EOF-7", Place(Where.END, 7)),
        ("EOF-7,2", Place(Where.END, 7, 2)),
        ("EOF-", Place(Where.END)),
        ("EP+3", Place(Where.ENTRY, 3)),
        ("EP-3,9", Place(Where.ENTRY, -3, 9)),
        ("EP+", Place(Where.ENTRY)),
        ("S2+5", Place(Where.SECTION, 5, section=2)),
        ("S0+,4", Place(Where.SECTION, 0, 4)),
        ("SE3", Place(Where.IN_SECTION, section=3)),
        ("SE3,4", Place(Where.IN_SECTION, 0, 4, section=3)),
        ("SL+8", Place(Where.LAST_SECTION, 8)),
        ("SL+8,1", Place(Where.LAST_SECTION, 8, 1)),
        ("VI", Place(Where.VERSION)),
        ("VI,5", Place(Where.VERSION)),
        ("$12$", Place(Where.GROUP, group=12)),
        ("$0", Place(Where.GROUP)),
    ],
)
def test_every_form_is_read(text: str, expected: Place) -> None:
    assert read_place(text, PE) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "**", "*,5", " 10", "+10", "-1", "0x10", "10,x", "10,5,6", "x"),
        *("EOF", "EOF+5", "eof-5", "EP", "EPx", "S0", "S0-4", "S-1+0", "SE0+5", "SEx"),
        *("SL", "SL-5", "1$", "$x$", "$32$", "$33$"),
    ],
)
def test_what_clamscan_refuses_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_place(text, PE)


@pytest.mark.parametrize("text", ["EP+0", "S0+0", "SE0", "SL+0", "VI"])
def test_only_executables_have_sections_and_an_entry(text: str) -> None:
    for target in (1, 6, 9):
        read_place(text, target)
    for target in (0, 2, 3, 4, 5, 7, 8, 10, 11, 12, 13, 14):
        with pytest.raises(Wrong, match=f"target {target} does not have"):
            read_place(text, target)


@pytest.mark.parametrize("text", ["5", "EOF-5", "$1$", "*"])
def test_every_target_has_a_start_and_an_end(text: str) -> None:
    read_place(text, ANY)


@given(st.text("0123456789,+-EPOFSLVI$* \0\xff") | ANY_TEXT)
def test_any_text_is_a_place_or_wrong(text: str) -> None:
    with contextlib.suppress(Wrong):
        assert isinstance(read_place(text, PE), Place)
