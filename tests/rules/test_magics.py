"""Behaviour of magics that databases add."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.native.errors import BadImage
from clearward.rules import magics as module
from clearward.rules.clamav.magics import read_magic
from clearward.rules.image.magic_rows import pattern_of, row_of
from clearward.rules.listing import write_rows
from clearward.rules.magics import WINDOW, Magics

TEXT = "CL_TYPE_TEXT_ASCII"


def magics(*lines: str) -> Magics:
    rows = [row_of(read_magic(line, 1)) for line in lines]
    return Magics(write_rows(row for row in rows if row is not None))


def line(how: int, offset: str, magic: str, becomes: str, given: str = "ANY") -> str:
    return f"{how}:{offset}:{magic}:x:CL_TYPE_{given}:CL_TYPE_{becomes}"


def near(window: bytes, *lines: str, given: str = TEXT) -> str:
    return magics(*lines).near(window, given).removeprefix("CL_TYPE_")


def test_bytes_at_a_place_tell_a_type_and_the_last_row_counts() -> None:
    known = magics(line(0, "1", "4142", "GIF"), line(0, "1", "4143", "PDF", "GIF"))
    assert known.fixed(b"xAB") == "CL_TYPE_GIF"
    assert known.fixed(b"xAC") == "CL_TYPE_PDF"
    assert known.fixed(b"AB") == ""
    both = magics(line(0, "0", "4142", "GIF"), line(0, "0", "41", "PDF"))
    assert both.fixed(b"AB") == "CL_TYPE_PDF"
    assert len(both) == 2


@pytest.mark.parametrize(
    ("offset", "body", "window", "found"),
    [
        ("*", "4142", b"..AB", True),
        ("2", "4142", b"..AB", True),
        ("2", "4142", b".AB", False),
        ("1,2", "4142", b"...AB", True),
        ("1,2", "4142", b"....AB", False),
        ("*", "4141??4?42", b"AA.CB", True),
        ("*", "4142{1-2}4344", b"AB..CD", True),
        ("*", "4142{1-2}4344", b"AB...CD", False),
        ("*", "4142*4344", b"AB....CD", True),
        ("*", "4142(43|4445)", b"ABDE", True),
        ("*", "4142!(43|44)", b"ABC", False),
        ("*", "4142!(43|44)", b"AB.", True),
        ("*", "4142!(43|44)", b"AB", False),
        ("*", "4142{2}4344", b"AB..CD", True),
        ("*", "4142", b"ab", False),
        ("*", "4142", b"." * (WINDOW - 1) + b"AB", False),
    ],
)
def test_a_body_in_the_front_tells_a_type(
    offset: str, body: str, window: bytes, *, found: bool
) -> None:
    assert (near(window, line(1, offset, body, "GIF")) == "GIF") is found


def test_a_body_may_ask_for_the_type_a_part_has_otherwise() -> None:
    row = line(1, "*", "4142", "PDF", "TEXT_ASCII")
    assert near(b"AB", row) == "PDF"
    assert near(b"AB", row, given="CL_TYPE_GIF") == "GIF"


def test_of_several_the_highest_counts() -> None:
    rows = [line(1, "*", "4142", "GIF"), line(1, "*", "4142", "ELF")]
    assert near(b"AB", *rows) == near(b"AB", *rows[::-1]) == "GIF"
    assert near(b"AB", *rows, given="CL_TYPE_MAIL") == "MAIL"


@pytest.mark.parametrize(
    "row",
    [
        line(1, "EOF-4", "4142", "GIF"),
        line(0, "1023", "4142", "GIF"),
        line(4, "0", "4142", "GIF"),
        line(1, "*", "4142", "ZIPSFX"),
        line(0, "0", "4142", "IGNORED"),
    ],
)
def test_what_tells_no_type_is_no_row(row: str) -> None:
    assert row_of(read_magic(row, 1)) is None


def test_a_border_is_refused() -> None:
    body = read_magic(line(1, "*", "(B)41424344", "GIF"), 1).body
    with pytest.raises(ValueError, match="border"):
        pattern_of(body)


def test_an_expression_that_takes_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.001)
    slow = line(1, "*", "*".join(["4141"] * 12) + "*4242!(41|42)42", "GIF")
    with pytest.raises(TimeoutError):
        near(b"A" * 900 + b"BBABBBB", slow)


@pytest.mark.parametrize(
    "row",
    [
        [True, WINDOW + 1, "a", "", "CL_TYPE_GIF"],
        [True, 0, "a", "", "CL_TYPE_NONE"],
        [False, 0, "(", "CL_TYPE_ANY", "CL_TYPE_GIF"],
        [False, 0, "a", "CL_TYPE_NONE", "CL_TYPE_GIF"],
        [0, 0, "a", "", "CL_TYPE_GIF"],
        [True],
    ],
)
def test_a_row_that_is_not_sound_is_refused(row: list[object]) -> None:
    with pytest.raises(BadImage):
        Magics(write_rows([row]))


BYTES = st.binary(min_size=2, max_size=4)


@given(BYTES, BYTES, st.integers(0, 3), st.binary(max_size=60))
def test_a_pattern_finds_what_it_was_made_of(
    one: bytes, two: bytes, gap: int, before: bytes
) -> None:
    row = line(1, "*", f"{one.hex()}{{0-{gap + 200}}}{two.hex()}", "GIF")
    assert near(before + one + b"." * gap + two, row) == "GIF"
    found = re.search(pattern_of(read_magic(row, 1).body), one + two, re.DOTALL)
    assert found is not None
