"""Patterns are read as the validator of OASIS reads them, within limits."""

import json
import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stix2patterns.validator import validate
from support.stix_patterns import PATTERNS

from clearward.core.errors import LimitReached, Malformed
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.simple import simple
from clearward.intel.pattern.tokens import tokens
from clearward.intel.pattern.tree import (
    Comparison,
    Every,
    Joined,
    Junction,
    Moment,
    Observation,
    Operator,
    Path,
    Qualified,
    Repeats,
    Within,
    Word,
)
from clearward.intel.pattern.writing import pattern_text

QUICK = 0.5  # seconds; a tenth of that on a machine of one's own


def is_read(text: str) -> bool:
    try:
        parse(text)
    except Malformed:
        return False
    return True


def is_valid(text: str) -> bool:
    """What the validator of OASIS says, of the grammar alone."""
    try:
        _, errors = validate(text, stix_version="2.1", ret_errs=True)
    except (AttributeError, UnboundLocalError, IndexError):
        return False  # it falls over some texts that are not valid
    return not [one for one in errors if "is not a valid" not in one]


def test_all_that_a_comparison_can_say_is_read() -> None:
    read = parse("[file:a.'b c'[*].d[3] NOT IN ('x', 1, -.5, true, h'ff', b'AQ==')]")
    path = Path("file", ("a", "b c", Every.MEMBER, "d", 3))
    operands = ("x", 1, -0.5, True, b"\xff", b"\x01")
    assert read == Observation(Comparison(path, Operator.IN, operands, is_negated=True))


def test_followedby_binds_less_than_or_and_or_less_than_and() -> None:
    a, b, c, d = (parse(f"[a:b = {number}]") for number in range(4))
    read = parse("[a:b = 0] FOLLOWEDBY [a:b = 1] OR [a:b = 2] AND [a:b = 3]")
    inner = Joined(Word.OR, (b, Joined(Word.AND, (c, d))))
    assert read == Joined(Word.FOLLOWEDBY, (a, inner))


def test_what_one_word_joins_stands_side_by_side() -> None:
    read = parse("[" + " OR ".join(f"a:b = {number}" for number in range(100)) + "]")
    assert isinstance(read, Observation)
    assert isinstance(read.test, Junction)
    assert len(read.test.parts) == 100


def test_qualifiers_of_brackets_are_those_of_what_is_in_them() -> None:
    read = parse("([a:b = 1] REPEATS 2 TIMES) WITHIN 3 SECONDS")
    assert isinstance(read, Qualified)
    assert read.qualifiers == (Repeats(2), Within(3))


def test_start_and_stop_of_stix_2_0_are_strings() -> None:
    text = "[a:b = 1] START '2016-06-01T00:00:00Z' STOP '2016-06-02T00:00:00Z'"
    read = parse(text, old=True)
    assert read == parse(text.replace(" '", " t'"))
    assert not is_read(text)
    assert Moment("2016-06-01T00:00:00Z") == read.qualifiers[0].start  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "offset", "field"),
    [
        pytest.param("file:size = 1", 0, "observation", id="no brackets"),
        pytest.param("[file:size = ]", 13, "constant", id="no value"),
        pytest.param("[file.size = 1]", 5, "colon", id="a point for a colon"),
        pytest.param("[a:b = 1", 8, "bracket", id="not closed"),
        pytest.param("[a:b = 1])", 9, "end", id="closed twice"),
        pytest.param("[a:b = 007]", 7, "integer", id="leading zeros"),
        pytest.param("[a:b = 9223372036854775808]", 7, "integer", id="65 bits"),
        pytest.param("[a:b = 'é' ?]", 12, "word", id="offset in bytes"),
        pytest.param("[a:b = 'x\\n']", 7, "word", id="another escape"),
        pytest.param("[a:b = b'====']", 7, "constant", id="no base64"),
        pytest.param("[a:b[-1] = 1]", 5, "position", id="negative position"),
        pytest.param(
            "[a:b = 1] WITHIN 0 SECONDS", 17, "number of seconds", id="in no time"
        ),
        pytest.param("[a:b = 1] REPEATS 0 TIMES", 18, "number of times", id="never"),
    ],
)
def test_the_place_and_the_kind_of_a_fault_are_said(
    text: str, offset: int, field: str
) -> None:
    with pytest.raises(Malformed) as caught:
        parse(text)
    assert (caught.value.offset, caught.value.field) == (offset, field)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" + "a" * 1_000_000, id="1 MB"),
        pytest.param("[a:b = '" + "é" * 40_000 + "']", id="80 KB in 40,000 letters"),
        pytest.param("(" * 60_000, id="brackets"),
        pytest.param("[" + "(" * 60_000, id="brackets in a test"),
        pytest.param("[" + "a:b=1 OR " * 7_000 + "a:b=1]", id="alternatives"),
    ],
)
def test_what_is_too_large_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(LimitReached):
        parse(text)
    assert time.process_time() - start < QUICK


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" + "0" * 65_000, id="zeros"),
        pytest.param("[a:b = '" + "\\\\" * 30_000, id="backslashes"),
        pytest.param("[a:b = b'" + "AAAA" * 16_000, id="base64"),
        pytest.param("[a:b = h'" + "aa" * 30_000, id="hex"),
        pytest.param("/*" * 32_000, id="comments"),
        pytest.param("[a:b IN (" + "1," * 32_000 + "]", id="set"),
    ],
)
def test_what_is_long_and_wrong_is_found_out_in_linear_time(text: str) -> None:
    start = time.process_time()
    assert not is_read(text)
    assert time.process_time() - start < QUICK


def test_sixty_four_brackets_are_read_and_one_more_is_not() -> None:
    parse("(" * 64 + "[a:b = 1]" + ")" * 64)
    with pytest.raises(LimitReached):
        parse("(" * 65 + "[a:b = 1]" + ")" * 65)


@given(PATTERNS)
@settings(max_examples=60, deadline=None)
def test_patterns_are_read_as_the_validator_reads_them(text: str) -> None:
    assert is_read(text) == is_valid(text)


@given(PATTERNS, st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_patterns_are_refused_as_the_validator_refuses_them(
    text: str, data: st.DataObject
) -> None:
    words = [word.text for word in tokens(text)]
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from([*words, "(", "]", "AND", "NOT", "=", "IN"]))
    words[at : at + data.draw(st.integers(0, 1))] = [other]
    damaged = " ".join(words)
    # The validator takes these; the specification says that they are more than none.
    assume(not re.search(r"(WITHIN|REPEATS) \+?0* ?\.?0* ", damaged))
    assert is_read(damaged) == is_valid(damaged)


@given(PATTERNS)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_as_the_same(text: str) -> None:
    try:
        read = parse(text)
    except Malformed:
        return
    assert parse(pattern_text(read)) == read


@given(st.text())
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        parse(text)
    except Malformed as error:
        assert 0 <= error.offset <= len(text.encode("utf-8", "surrogatepass"))


@given(
    st.sampled_from(["file", "IN", "a-b", "t"]),
    st.sampled_from(["value", "hashes.MD5", "hashes.'a b'", "AND", "x.IN", "x.1a"]),
    st.sampled_from(["=", "==", "LIKE", "ISSUBSET"]),
    st.text(max_size=5),
)
def test_the_short_way_reads_as_the_long_one(
    type: str, path: str, operator: str, value: str
) -> None:
    text = f"[{type}:{path} {operator} '{value}']"
    quick = simple(text)
    if quick is not None:
        assert quick == parse(f"{text}/**/")


def test_errors_hold_nothing_of_a_pattern() -> None:
    with pytest.raises(Malformed) as caught:
        parse("[secret:value = secret]")
    assert "secret" not in json.dumps(str(caught.value))
