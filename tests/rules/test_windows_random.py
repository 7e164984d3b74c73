"""Matching in windows against the whole part, with rules that nobody thought of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.windows import SHARED, SIZE, WIDTH, rule, scan

from clearward.rules import condition
from clearward.rules.condition import Decision
from clearward.rules.source import Source
from clearward.rules.yara import Hit, compile_yara

MODIFIERS = """wide|ascii wide|nocase|fullword|wide fullword|xor|xor fullword|
xor(0-3) wide fullword|ascii wide fullword nocase"""
names = st.sampled_from(["$_a1", "$_a2", "$_b1"])
texts = st.builds(
    '"{}" {}'.format,
    st.text("ab -", min_size=1, max_size=5),
    st.sampled_from(["", *MODIFIERS.split("|")]),
)
encoded = st.builds(
    '"{}" {}'.format,
    st.text("ab-", min_size=3, max_size=6),
    st.sampled_from(["base64", "base64wide", "base64 base64wide"]),
)
cells = st.sampled_from(["61", "62", "6?", "??", "20", "(61 62|2D)", "~61"])
jumps = st.sampled_from(["", "", "[2]", "[0-3]", "[1-12]", "[20-30]", "[4-]", "[-]"])
hexes = st.builds(
    "{{ 61 {} }}".format,
    st.lists(st.builds("{} {}".format, jumps, cells), max_size=4).map(" ".join),
)
repeats = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{,2}", "{2,}", "??"])
regexes = st.recursive(
    st.sampled_from(["a", "b", "-", ".", "[ab]", r"\b", r"\B", "^", "$", r"\w", r"\s"]),
    lambda inner: st.one_of(
        st.builds("(a{}){}".format, inner, repeats),
        st.builds("({}|b{})".format, inner, inner),
        st.builds("{}a{}{}".format, inner, repeats, inner),
    ),
    max_leaves=4,
).flatmap(
    lambda regex: st.sampled_from(
        ["", " wide", "i", " fullword", "s wide fullword"]
    ).map(lambda modifiers: f"/a{regex}/{modifiers}")
)
strings = st.one_of(texts, texts, encoded, hexes, regexes)
amounts = st.sampled_from(["any", "1", "2", "all", "none"])
conditions = st.recursive(
    st.one_of(
        names,
        st.builds("{} of them".format, amounts),
        st.builds("{} of ($_a*)".format, amounts),
        st.builds("{} of ({}, {})".format, amounts, names, names),
        st.builds(
            "#{} {} {}".format,
            names.map(lambda name: name[1:]),
            st.sampled_from([">", ">=", "==", "<"]),
            st.integers(0, 3),
        ),
        st.builds("filesize {} {}".format, st.sampled_from("<>"), st.integers(0, 400)),
        st.builds("not {}".format, names),
        st.builds("{} at {}".format, names, st.integers(0, 3)),
        st.just("any of them"),
    ),
    lambda inner: st.one_of(
        st.builds("{} or {}".format, inner, inner),
        st.builds("{} and {}".format, inner, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=4,
)
random_rules = st.builds(
    lambda used, strings, condition: rule(
        " ".join(f"{name} = {text}" for name, text in zip(used, strings, strict=True)),
        condition,
    ),
    st.just(["$_a1", "$_a2", "$_b1"]),
    st.lists(strings, min_size=3, max_size=3),
    conditions,
)
hostile = st.sampled_from(
    [b"a", b"b", b" ", b"-", b"\0", b"\n", b"ab", b"a\0b\0", b"abba", b"YWJi", b"````"]
)
buffers = st.one_of(
    st.lists(hostile, max_size=300).map(b"".join),
    st.builds(
        lambda unit, size, more, place: (
            (unit * size)[:place] + more + (unit * size)[place:size]
        ),
        hostile,
        st.integers(0, SIZE),
        st.lists(hostile, max_size=6).map(b"".join),
        st.one_of(
            st.integers(0, SIZE),
            st.builds(
                lambda seam, near: seam * SHARED + near,
                st.integers(1, 6),
                st.integers(-20, 20),
            ),
        ),
    ),
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(random_rules, min_size=6, max_size=6),
    st.lists(buffers, min_size=6, max_size=6),
    st.integers(1, 400),
)
def test_windows_never_say_more_than_the_whole_part_and_exact_rules_as_much(
    texts: list[str], parts: list[bytes], piece: int
) -> None:
    yara, _ = compile_yara(
        [Source(n, "", "yara", "local", text.encode()) for n, text in enumerate(texts)],
        0,
    )
    if yara is None:
        return
    for data in parts:
        whole = list(yara.explain(data))
        found = scan(yara, data, piece)
        if len(data) <= WIDTH:
            assert found == whole
            continue
        for number, decision in yara.decisions.items():
            hits = [hit for hit in found if hit.rule == number]
            everywhere = [hit for hit in whole if hit.rule == number]
            if decision is Decision.ANY:
                assert order(hits) == order(everywhere)
            elif decision is Decision.POSITIVE:
                assert not hits or everywhere
            else:
                assert not hits


def order(hits: list[Hit]) -> list[tuple[int, int, int]]:
    return sorted((hit.string, hit.offset, hit.length) for hit in hits)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(random_rules, min_size=6, max_size=6),
    buffers,
    st.integers(1, 400),
)
def test_small_rules_never_match_a_large_part(
    texts: list[str], data: bytes, whole: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condition, "WHOLE", whole)
        yara, _ = compile_yara(
            [Source(n, "", "yara", "local", t.encode()) for n, t in enumerate(texts)],
            0,
        )
        if yara is None or len(data) <= whole:
            return
        found = yara.match(data)
        assert not [n for n in found if yara.decisions[n] is Decision.SMALL]
