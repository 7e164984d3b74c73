"""Bodies: where they match, how often, and which match is the last."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import image
from support.clamscan import BINARY, Ask
from support.notation import body, chain

from clearward.core.facts import Facts
from clearward.native.bodies import find, read_body
from clearward.native.layout import SUB
from clearward.native.span import Span
from clearward.native.steps import OutOfSteps, Steps


def matches(
    text: str, data: bytes, at: bytes = image.place(), *, keyed: bool = True
) -> dict[int, int]:
    made = body(text, at, keyed=keyed)
    span = Span(memoryview(made)[SUB.size :], "a body")
    return find(read_body(span), data, Facts(len(data)), Steps(10**6))


# (body, input, places of its last pieces and where the first piece begins)
CASES = [
    ("6161", b"aaaa", {0: 0, 1: 1, 2: 2}),
    ("7a61??63", b"zabc.za.c.zac", {0: 0, 5: 5}),
    ("7a613?", b"za1za?zaA", {0: 0, 3: 3}),
    ("7a61?1", b"za1zaAzab", {0: 0, 3: 3}),
    ("7a61(62|63)64", b"zabd.zacd.zaed", {0: 0, 5: 5}),
    ("7a61(62|6363)64", b"zabd.zaccd.zacd", {0: 0, 5: 5}),
    ("7a61(62|)64", b"zabd.zad", {0: 0, 5: 5}),
    ("6161(62|6263)??6565", b"aabcee.aabcxee", {0: 0, 7: 7}),
    ("7a61(62|(63|64)65)66", b"zabf.zacef.zadef.zaf", {0: 0, 5: 5, 11: 11}),
    ("6161!(62|63)64", b"aabd.aaxd.aad", {5: 5}),
    ("6161!(6262|6363)64", b"aabbd.aabcd.aabd", {6: 6}),
    ("6161!(62|63)", b"aa", {}),
    ("6161*6262", b"aabb.bb", {2: 0, 5: 0}),
    ("6161*6262", b"aa.aa.bb", {6: 0}),
    ("6161*6161", b"aaaaaaaa", {2: 0, 3: 0, 4: 0, 5: 0, 6: 0}),
    ("6161{2}6262", b"aa..bb.aa.bb", {4: 0}),
    ("6161{1-2}6262", b"aa.bb aa..bb aa...bb aabb", {3: 0, 10: 6}),
    ("6161{-1}6262", b"aabb aa.bb aa..bb", {2: 0, 8: 5}),
    ("6161{2-}6262", b"aa.bb.bb", {6: 0}),
    ("6161{0-4}6262", b"aa..aa..bb", {8: 4}),
    ("6161(62|626262){1}6363", b"aab.cc aabbbxcc aabbcc", {4: 0, 13: 7, 20: 16}),
    ("6161*6262*6363", b"aabbbbcccc", {6: 0, 7: 0, 8: 0}),
    ("6161(62|6262)*6262", b"aabbbb", {3: 0, 4: 0}),
]


@pytest.mark.parametrize(("text", "data", "expected"), CASES)
def test_a_body_matches_where_a_chain_of_pieces_ends(
    text: str, data: bytes, expected: dict[int, int]
) -> None:
    assert matches(text, data) == expected
    assert matches(text, data, keyed=False) == expected


def test_clamscan_counts_the_places_of_last_pieces_likewise(ask: Ask) -> None:
    lines = [
        f"C{number}x{count};Engine:51-255,Target:0;0={count};{text}"
        for number, (text, _, _) in enumerate(CASES)
        for count in range(7)
    ]
    found = ask(lines, [BINARY + data for _, data, _ in CASES], "ldb")
    for number, (_, _, expected) in enumerate(CASES):
        wanted = [f"C{number}x{len(expected)}"]
        assert [
            name for name in found[number] if name.startswith(f"C{number}x")
        ] == wanted


def test_several_chains_are_one_union_of_places() -> None:
    code = image.body(chain("6161"), chain("6162"), chain("61??"))
    made = read_body(Span(memoryview(code)[SUB.size :], "a body"))
    data = b"aa.ab.ac"
    assert sorted(find(made, data, Facts(len(data)), Steps(999))) == [0, 1, 3, 6]


def test_steps_run_out() -> None:
    made = body("61*62", keyed=False)
    span = Span(memoryview(made)[SUB.size :], "a body")
    with pytest.raises(OutOfSteps):
        find(read_body(span), bytes(99), Facts(99), Steps(9))


def test_a_search_for_a_key_takes_steps_by_its_length() -> None:
    made = read_body(Span(memoryview(body("6161"))[SUB.size :], "a body"))
    steps = Steps(10**6)
    find(made, bytes(1 << 20), Facts(1 << 20), steps)
    assert 1000 <= 10**6 - steps.left <= 1100


WORDS = ["61", "62", "6?", "?1", "??", "(61|62)", "(61|6262)", "!(61|63)", "(6162|)"]
pieces = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join)
gaps = st.sampled_from(["*", "{0}", "{1}", "{0-2}", "{1-3}", "{2-}", "{-1}"])
inputs = st.lists(st.sampled_from(b"abcq"), max_size=14).map(bytes)


def naive(text: str, data: bytes) -> dict[int, int]:
    """All places by trying every split, with `re` for single pieces."""
    parts = re.split(r"(\*|\{[^}]*\})", text)
    reached: set[tuple[int, int, int]] = {(-1, 0, 0)}  # start, last place, end
    for number in range(0, len(parts), 2):
        shape = re.compile(_translated(parts[number]), re.DOTALL)
        least, most = _range(parts[number - 1]) if number else (0, 99)
        reached = {
            (place if start < 0 else start, place, end)
            for start, _, before in reached
            for place, end in itertools.product(range(len(data) + 1), repeat=2)
            if place < end
            and least <= place - before <= most
            and shape.fullmatch(data, place, end)
        }
    found: dict[int, int] = {}
    for start, place, _ in reached:
        found[place] = min(start, found.get(place, start))
    return found


def _range(gap: str) -> tuple[int, int]:
    if gap == "*":
        return 0, 99
    least, dash, most = gap[1:-1].partition("-")
    return int(least or 0), int(most or 99) if dash else int(least)


def _translated(text: str) -> bytes:
    def byte(word: str) -> bytes:
        if word == "??":
            return b"."
        fits = [
            one
            for one in range(256)
            if re.fullmatch(word.replace("?", "."), f"{one:02x}")
        ]
        return b"[" + b"".join(b"\\x%02x" % one for one in fits) + b"]"

    made = b""
    for word in re.findall(r"!\(|[0-9a-f?]{2}|.", text):
        if word == "!(":
            made += b"(?!"
        elif word in "(|)":
            made += b"(?:" if word == "(" else word.encode()
        else:
            made += byte(word)
    # Negated choices here are of one byte, which the look-ahead does not take.
    return re.sub(rb"(\(\?![^)]*\))", rb"\1.", made)


@given(pieces, st.lists(st.tuples(gaps, pieces), max_size=2), inputs)
def test_any_small_body_matches_as_trying_everything_does(
    first: str, rest: list[tuple[str, str]], data: bytes
) -> None:
    text = first + "".join(gap + piece for gap, piece in rest)
    if any(
        piece.replace("(6162|)", "") == "" for piece in re.split(r"[*}]|\{[^}]*", text)
    ):
        return  # a piece has to take a byte
    expected = naive(text, data)
    assert matches(text, data) == expected
    assert matches(text, data, keyed=False) == expected
