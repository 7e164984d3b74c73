"""Behaviour of matching in windows, at every border and against the whole part."""

import base64
import hashlib
from collections.abc import Iterator

import pytest
from support.marks import EICAR
from support.windows import SHARED, SIZE, WIDTH, placed, places, rule, run, scan
from support.yara import rules

from clearward.core.limits import KIB, MIB, OVERLAP, WINDOW
from clearward.rules import condition
from clearward.rules import windows as windows_module
from clearward.rules.condition import Decision
from clearward.rules.hashes import DigestSet
from clearward.rules.windows import Windows
from clearward.rules.yara import Hit, YaraRules


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
        data = EICAR + tail
        windows = Windows((), yara, 7, window=WIDTH, overlap=SHARED)
        assert run(windows, data, piece) == [Hit(7, 0, len(data))]
    for data in (EICAR + b" " * 61, b" " * 900 + EICAR, EICAR + b"x"):
        windows = Windows((), yara, 7, window=WIDTH, overlap=SHARED)
        assert run(windows, data, piece) == []


def test_the_test_file_may_be_left_out() -> None:
    assert run(Windows((), None), EICAR) == []


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


def test_a_window_like_one_without_matches_is_not_matched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    yara = rules(rule('$a = "needle"'))
    asked: list[bytes] = []
    real = YaraRules.match_window

    def noted(self: YaraRules, data: bytes) -> Iterator[tuple[int, list[Hit]]]:
        asked.append(data)
        return real(self, data)

    monkeypatch.setattr(YaraRules, "match_window", noted)
    step = WIDTH - SHARED
    data = b"-" * 20 * step + b"needle" + b"-" * 20 * step
    assert [hit.offset for hit in scan(yara, data)] == [20 * step]
    assert len(asked) < 8
    again = (b"needle" + b"-" * (step - 6)) * 20  # each window is the same, and matches
    assert [hit.offset for hit in scan(yara, again)] == list(range(0, 20 * step, step))
