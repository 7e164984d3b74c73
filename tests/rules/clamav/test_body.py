"""Behaviour of bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.clamav import ANY_TEXT

from clearward.native.layout import Border
from clearward.rules.clamav.body import is_plain, read_chain, read_chains
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.model import (
    Bytes,
    Chain,
    Choice,
    Edge,
    Element,
    Masked,
    Near,
    Skip,
)

AB, CD = Bytes(b"ab"), Bytes(b"cd")
TEXT = "0123456789abcdefABCDEF?*{}()|![]-BLW,: "


def piece(text: str) -> tuple[Element, ...]:
    chain = read_chain(text)
    assert len(chain.pieces) == 1
    return chain.pieces[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6162", (AB,)),
        ("6162??6364", (AB, Skip(1), CD)),
        ("6162????", (AB, Skip(2))),
        ("6162{3}6364", (AB, Skip(3), CD)),
        ("6162{127}", (AB, Skip(127))),
        ("6162a??b", (AB, Masked(b"\xa0\x0b", b"\xf0\x0f"))),
        ("6162(63|6364)", (AB, Choice(((Bytes(b"c"),), (CD,))))),
        ("6162(63|)", (AB, Choice(((Bytes(b"c"),), ())))),
        (
            "6162!(63|64)6364",
            (AB, Choice(((Bytes(b"c"),), (Bytes(b"d"),)), negated=True), CD),
        ),
        (
            "6162(63{2}|6?)",
            (AB, Choice(((Bytes(b"c"), Skip(2)), (Masked(b"\x60", b"\xf0"),)))),
        ),
        ("(B)6162!(L)", (Edge(Border.WORD), AB, Edge(Border.LINE, negated=True))),
        ("63[1-3]6162", (Near(0x63, 0xFF, 1, 3, before=True), AB)),
        ("6162[3]63", (AB, Near(0x63, 0xFF, 3, 3, before=False))),
        ("6162[3-]63", (AB, Near(0x63, 0xFF, 3, 3, before=False))),
    ],
)
def test_a_piece_is_a_row_of_elements(text: str, expected: tuple[Element, ...]) -> None:
    assert piece(text) == expected


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("*", (0, None)),
        ("{}", (0, None)),
        ("{-}", (0, None)),
        ("{0}", (0, None)),
        ("{-0}", (0, None)),
        ("{0-0}", (0, None)),
        ("{5-}", (5, None)),
        ("{5-0}", (5, None)),
        ("{-7}", (0, 7)),
        ("{0-1}", (0, 1)),
        ("{3-9}", (3, 9)),
        ("{4-4}", (4, 4)),
        ("{128}", (128, 128)),
    ],
)
def test_gaps_split_a_body(text: str, gap: tuple[int, int | None]) -> None:
    assert read_chain(f"6162{text}6364") == Chain(((AB,), (CD,)), (gap,))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "aa",
            "aabbc",
            "aabbcg",
            "aa??",
            "????",
            "aa??bb",
            "a?bb",
            "aa{3}bb",
            "a?b?c?",
        ),
        *(
            "*aabb",
            "aabb*",
            "aabb**ccdd",
            "aabb*cc",
            "aabb{128}cc",
            "{-3}aabb",
            "aabb{-3}",
        ),
        *("aabb{x}ccdd", "aabb{3", "aabb3}", "aabb{3-5-7}ccdd", "aabb{4294967295}ccdd"),
        *(
            "(cc|dd)",
            "(aabb|ccdd)",
            "aabb()dd",
            "aabb(|cc)dd",
            "aabb!(cc|eeff)ee",
            "aabb!cc",
        ),
        *("aabb!()ee", "aabb!(c?|dd)ee", "aabb!((cc|dd)|ee)ff", "aabb(cc{3-4}dd|ee)ff"),
        *("aabb(cc*dd|ee)ff", "aabb(cc|dd", "aabb)cc", "aabb(cc|dd))ee", "aabb(c|d)ee"),
        *(
            "(B)",
            "aabb(b)",
            "aabb(X)",
            "aabb(W",
            "aabb(cc|(W))",
            "aa[1-3]bb",
            "aabb[1-3]ccdd",
        ),
        *(
            "aabb[0-33]cc",
            "aabb[-3]cc",
            "aabb[]cc",
            "aabb[3-1]cc",
            "aabb[1-3]",
            "[1-3]aabb",
        ),
        *("aabb[1-3]cc[1-3]dd", "aabb[1-3](cc|dd)", "aa bb cc", "aabb|cc", "aabb;cc"),
        *("aabb*(ccdd|eeff)", "aabb*(cc|dd)ee??", "aabb{1}{2-3}*ccdd"),
    ],
)
def test_what_clamscan_refuses_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        read_chain(text)


def test_a_gap_that_falls_never_matches_and_is_refused() -> None:
    with pytest.raises(Wrong, match="never matches"):
        read_chain("6162{5-3}6364")


@pytest.mark.parametrize(
    ("modifiers", "expected"),
    [
        ("", [(Bytes(b"ab"),)]),
        ("a", [(Bytes(b"ab"),)]),
        ("i", [(Masked(b"AB", b"\xdf\xdf"),)]),
        ("w", [(Bytes(b"a\0b\0"),)]),
        ("wa", [(Bytes(b"ab"),), (Bytes(b"a\0b\0"),)]),
        ("f", [(Edge(Border.NOT_ALPHANUMERIC), AB, Edge(Border.NOT_ALPHANUMERIC))]),
        ("fw", [(Edge(Border.WIDE), Bytes(b"a\0b\0"), Edge(Border.WIDE))]),
    ],
)
def test_modifiers_are_compiled_away(
    modifiers: str, expected: list[tuple[Element, ...]]
) -> None:
    chains = read_chains("6162", modifiers)
    assert [chain.pieces for chain in chains] == [(row,) for row in expected]


def test_a_wide_byte_is_enough_for_a_piece() -> None:
    [chain] = read_chains("61", "w")
    assert chain.pieces == ((Bytes(b"a\0"),),)
    with pytest.raises(Wrong):
        read_chains("61", "")
    with pytest.raises(Wrong):
        read_chains("6g", "w")


def test_a_whole_word_has_borders_only_at_its_ends() -> None:
    edge = Edge(Border.NOT_ALPHANUMERIC)
    [chain] = read_chains("6162*6364??", "f")
    assert chain.pieces == ((edge, AB), (CD, Skip(1), edge))
    [chain] = read_chains("(L)6162", "f")
    assert chain.pieces == ((edge, Choice(((Bytes(b"\n"),),)), AB, edge),)


def test_in_a_wide_body_a_distance_is_a_gap() -> None:
    [chain] = read_chains("61[1-50]62", "w")
    assert chain == Chain(((Bytes(b"a\0"),), (Bytes(b"b\0"),)), ((1, 50),))
    [chain] = read_chains("61[2]62", "w")
    assert chain == Chain(((Bytes(b"a\0"), Skip(2), Bytes(b"b\0")),))


@pytest.mark.parametrize("text", ["63[1-2]6162", "6162[1]63"])
def test_a_whole_word_has_no_byte_beside_it(text: str) -> None:
    with pytest.raises(Wrong, match="beside"):
        read_chains(text, "f")


@pytest.mark.parametrize("text", ["6162(", "6162(63|6364"])
def test_alternatives_of_a_whole_word_are_closed(text: str) -> None:
    with pytest.raises(Wrong, match=r"without \)"):
        read_chains(text, "f")


@pytest.mark.parametrize("modifiers", ["x", "I", "i:1", "i "])
def test_other_modifiers_are_refused(modifiers: str) -> None:
    with pytest.raises(Wrong, match="modifier"):
        read_chains("6162", modifiers)


@pytest.mark.parametrize("modifiers", ["i", "w", "f"])
def test_a_negation_has_no_modifiers(modifiers: str) -> None:
    with pytest.raises(Wrong, match="negation"):
        read_chains("6162!(63|64)", modifiers)


def test_long_bodies_are_split_so_that_lengths_fit_the_image() -> None:
    [(first, second)] = read_chain("61" * 50_000).pieces
    assert first == Bytes(b"a" * 30_000)
    assert second == Bytes(b"a" * 20_000)


def test_millions_of_parts_take_little_time() -> None:
    assert len(read_chain("6162*" * 50_000 + "6162").pieces) == 50_001
    with pytest.raises(Wrong):
        read_chain("(" * 1_000_000)


def test_a_body_of_nothing_but_bytes_is_plain() -> None:
    assert is_plain(read_chain("6162"))
    assert not is_plain(read_chain("6162??"))
    assert not is_plain(read_chain("6162*6162"))


@given(st.text(TEXT) | ANY_TEXT, st.text("iwfax", max_size=4))
def test_any_text_is_a_body_or_wrong(text: str, modifiers: str) -> None:
    try:
        chains = read_chains(text, modifiers)
    except Wrong:
        return
    for chain in chains:
        assert len(chain.gaps) == len(chain.pieces) - 1
        assert all(chain.pieces)
