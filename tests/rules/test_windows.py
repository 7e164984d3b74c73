"""Behaviour of matching in windows, at every border and against the whole part."""

import base64
import hashlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.limits import KIB, MIB, OVERLAP, WINDOW
from clearward.rules import condition
from clearward.rules import windows as windows_module
from clearward.rules.condition import Decision
from clearward.rules.hashes import DigestSet
from clearward.rules.source import Source
from clearward.rules.windows import Windows
from clearward.rules.yara import Hit, YaraRules, compile_yara

WIDTH, SHARED = 160, 80  # small windows; strings of up to 48 bytes fit
SIZE = 5 * WIDTH  # of a part with ten windows

# Put together at run time, so that no scanner takes this file for the test file.
TEST_FILE = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
)


def rules(*texts: str) -> YaraRules:
    """Compile each text as a source of its own."""
    sources = [
        Source(number, "test", "yara", "local", text.encode())
        for number, text in enumerate(texts)
    ]
    made, problems = compile_yara(sources, 0)
    assert not problems
    assert made is not None
    return made


def rule(strings: str, condition: str = "any of them", name: str = "a") -> str:
    return f"rule {name} {{ strings: {strings} condition: {condition} }}"


def scan(yara: YaraRules | None, data: bytes, piece: int = 97) -> list[Hit]:
    return run(Windows((), yara, window=WIDTH, overlap=SHARED), data, piece)


def run(windows: Windows, data: bytes, piece: int = 97) -> list[Hit]:
    hits: list[Hit] = []
    for start in range(0, len(data), piece):
        hits += windows.feed(data[start : start + piece])
    return hits + list(windows.finish())


def places(hits: Iterable[Hit]) -> list[tuple[int, int]]:
    return sorted((hit.offset, hit.length) for hit in hits)


def placed(what: bytes, offset: int, fill: bytes = b"-") -> bytes:
    data = bytearray(fill * SIZE)
    data[offset : offset + len(what)] = what
    return bytes(data[:SIZE])


@pytest.mark.parametrize(
    ("string", "what"),
    [
        pytest.param('"needle"', b"needle", id="text"),
        pytest.param('"needle" wide', b"n\0e\0e\0d\0l\0e\0", id="wide"),
        pytest.param('"needle" nocase fullword', b"NeedlE", id="whole word"),
        pytest.param('"needle" xor', bytes(b ^ 9 for b in b"needle"), id="xor"),
        pytest.param("{ 6E 65 [0-40] 21 }", b"ne" + b"x" * 40 + b"!", id="hex jump"),
        pytest.param("/n[el]{1,44}d/", b"n" + b"e" * 44 + b"d", id="regex"),
        pytest.param(r"/\bneedle\b/", b"needle", id="word boundary"),
    ],
)
def test_a_match_is_found_once_wherever_it_lies(string: str, what: bytes) -> None:
    yara = rules(rule(f"$a = {string}"))
    assert yara.decisions == {0: Decision.ANY}
    for offset in range(SIZE - len(what) + 1):
        found = scan(yara, placed(what, offset))
        assert places(found) == [(offset, len(what))], offset


def test_base64_is_found_once_wherever_it_lies() -> None:
    yara = rules(rule('$a = "needle!" base64'))
    what = base64.b64encode(b"--needle!--")
    for offset in range(SIZE - len(what) + 1):
        data = placed(what, offset)
        assert places(scan(yara, data)) == places(yara.explain(data)) != []


@pytest.mark.parametrize(
    ("string", "what"),
    [
        pytest.param('"needle" fullword', b"xneedle", id="left of a word"),
        pytest.param('"needle" fullword', b"needlex", id="right of a word"),
        pytest.param('"ne" wide fullword', b"x\0n\0e\0", id="left, wide"),
        pytest.param('"ne" wide fullword', b"n\0e\0x\0", id="right, wide"),
        pytest.param(r"/\bneedle/", b"xneedle", id="boundary before"),
        pytest.param(r"/needle\b/", b"needlex", id="boundary behind"),
        pytest.param("/^needle/", b"-needle", id="start of the part"),
        pytest.param("/needle$/", b"needle-", id="end of the part"),
        pytest.param('"a needle" base64', base64.b64encode(b"a needlf"), id="base64"),
    ],
)
def test_a_seam_is_no_end_of_the_part(string: str, what: bytes) -> None:
    exact = rules(rule(f"$a = {string}"))
    assert exact.decisions == {0: Decision.ANY}
    positive = rules(rule(f"$a = {string}", "all of them and #a >= 1"))
    assert positive.decisions == {0: Decision.POSITIVE}
    for offset in range(1, SIZE - len(what) - 1):
        data = placed(what, offset, b"\0")
        assert not exact.match(data)
        assert not scan(exact, data), offset
        assert not scan(positive, data), offset


def test_the_ends_of_the_part_are_ends() -> None:
    yara = rules(rule("$a = /^needle/ $b = /elt$/"))
    data = b"needle" + b"-" * SIZE + b"elt"
    assert places(scan(yara, data)) == [(0, 6), (SIZE + 6, 3)]


@pytest.mark.parametrize("size", [WIDTH - 1, WIDTH, WIDTH + 1, 2 * WIDTH - SHARED])
@pytest.mark.parametrize("piece", [1, 7, WIDTH - 1, WIDTH, WIDTH + 1, 10_000])
def test_pieces_do_not_matter(size: int, piece: int) -> None:
    yara = rules(rule('$a = "a" fullword $b = /b$/ $c = /^c/'))
    data = (b"c" + b"-a" * size)[: size - 1] + b"b"
    assert places(scan(yara, data, piece)) == places(yara.explain(data))


def test_a_regex_for_whole_words_is_judged_with_all_that_it_could_take() -> None:
    # Cut short by a seam, the optional rest would be missing and the word complete.
    yara = rules(rule("$a = /ab(-{40})?/ fullword"))
    for offset in range(SIZE - 60):
        data = placed(b"ab" + b"-" * 40 + b"x", offset, b".")
        assert not yara.match(data)
        assert not scan(yara, data), offset


def test_positive_rules_are_found_in_the_window_that_holds_all_they_need() -> None:
    yara = rules(rule('$a = "left" $b = "right"', "all of them"))
    near = placed(b"left--right", 200)
    far = placed(b"left" + b"-" * 2 * WIDTH + b"right", 20)
    windows = Windows((), yara, window=WIDTH, overlap=SHARED)
    assert places(run(windows, near)) == [(200, 4), (206, 5)]
    assert windows.undecided
    assert yara.match(far) == [0]
    assert scan(yara, far) == []


def test_a_positive_rule_without_a_string_at_hand_is_told_by_its_window() -> None:
    yara = rules(rule('$a = "never"', "#a >= 0"))
    assert scan(yara, bytes(SIZE)) == [Hit(0)]


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        (rule('$a = "needle"', "any of them and filesize > 10"), Decision.OPEN),
        (rule('$a = "needle"', "$a and not filesize > 1000"), Decision.OPEN),
        (rule('$a = "needle"', "any of them and filesize < 200"), Decision.SMALL),
    ],
)
def test_open_and_small_rules_are_never_found_in_windows(
    text: str, decision: Decision
) -> None:
    yara = rules(text)
    assert yara.decisions == {0: decision}
    assert scan(yara, b"needle" * 200) == []


@pytest.mark.parametrize(
    ("texts", "undecided"),
    [
        ([rule('$a = "x"')], False),
        ([rule('$a = "x"'), rule('$a = "x"', "all of them")], False),
        ([rule('$a = "x" $b = "y"', "all of them")], True),
        ([rule('$a = "x"'), rule('$a = "x"', "not $a")], True),
    ],
)
def test_a_part_is_undecided_if_some_rule_is(texts: list[str], undecided: bool) -> None:  # noqa: FBT001
    windows = Windows((), rules(*texts), window=WIDTH, overlap=SHARED)
    run(windows, bytes(SIZE))
    assert windows.undecided is undecided


def test_small_rules_decide_only_parts_that_are_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A part that is not large comes in windows, too, if memory was short.
    monkeypatch.setattr(condition, "WHOLE", 400)
    monkeypatch.setattr(windows_module, "WHOLE", 400)
    yara = rules(rule('$a = "x"', "$a and filesize <= 400"))
    for size, undecided in ((400, True), (401, False)):
        windows = Windows((), yara, window=WIDTH, overlap=SHARED)
        assert run(windows, b"x" * size) == []
        assert windows.undecided is undecided


@pytest.mark.parametrize("size", [0, 1, WIDTH - 1, WIDTH])
def test_a_part_that_fits_into_one_window_is_matched_whole(size: int) -> None:
    yara = rules(
        rule('$a = "x"', f"#a == {size}"), f"rule b {{ condition: filesize == {size} }}"
    )
    windows = Windows((), yara, window=WIDTH, overlap=SHARED)
    assert {hit.rule for hit in run(windows, b"x" * size)} == {0, 1}
    assert not windows.undecided


@pytest.mark.parametrize("yara", [None, rules(rule('$a = "never"'))])
@pytest.mark.parametrize("piece", [1, 67, 68, 128, 1000])
def test_the_test_file_is_found_and_nothing_longer(
    yara: YaraRules | None, piece: int
) -> None:
    for tail in (b"", b"\n", b" " * 60):
        data = TEST_FILE + tail
        windows = Windows((), yara, 7, window=WIDTH, overlap=SHARED)
        assert run(windows, data, piece) == [Hit(7, 0, len(data))]
    for data in (TEST_FILE + b" " * 61, b" " * 900 + TEST_FILE, TEST_FILE + b"x"):
        windows = Windows((), yara, 7, window=WIDTH, overlap=SHARED)
        assert run(windows, data, piece) == []


def test_the_test_file_may_be_left_out() -> None:
    assert run(Windows((), None), TEST_FILE) == []


@pytest.mark.parametrize("yara", [None, rules(rule('$a = "never"'))])
@pytest.mark.parametrize("size", [0, 1, WIDTH, WIDTH + 1, SIZE])
def test_digests_are_those_of_the_whole_part(yara: YaraRules | None, size: int) -> None:
    data = b"x" * size
    digests = (
        DigestSet("md5", [(hashlib.md5(data, usedforsecurity=False).digest(), 4)]),
        DigestSet("sha1", [(bytes(20), 5)]),
        DigestSet("sha256", [(hashlib.sha256(data).digest(), 6)]),
    )
    windows = Windows(digests, yara, window=WIDTH, overlap=SHARED)
    assert run(windows, data) == [Hit(4, 0, size), Hit(6, 0, size)]
    assert not windows.undecided


def test_real_windows_find_a_match_at_their_seams() -> None:
    yara = rules(rule('$a = "needle"'))
    step = WINDOW - OVERLAP
    for seam in (step, WINDOW, step + WINDOW, 2 * step):
        data = bytearray(2 * WINDOW + 1)
        data[seam - 3 : seam + 3] = b"needle"
        assert places(run(Windows((), yara), bytes(data), MIB)) == [(seam - 3, 6)]


def test_matches_beside_the_middle_of_a_window_do_not_use_up_those_inside() -> None:
    yara = rules(rule("$a = /b/ $b = /bc{1,4}x/"))
    data = b"b" * (50 * KIB) + b"bcx" + b"b" * (50 * KIB)
    found = run(Windows((), yara, window=60 * KIB, overlap=20 * KIB), data, MIB)
    assert {hit.string for hit in found} == {0, 1}


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
