"""Behaviour of the judgement on what windows can decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.source import ANY, OPEN, POSITIVE, SMALL, judge

from clearward.core.limits import MIB, OVERLAP, WHOLE
from clearward.rules.condition import CONTEXT, REACH, Decision, decide


@pytest.mark.parametrize(
    "condition",
    [
        "any of them",
        "1 of them",
        "any of ($*)",
        "any of ($a*, $b, $c)",
        "1 of ($a1, $a2, $b*, $c*)",
        "$a1 or $a2 or $b or $c",
        "(any of them)",
        "((($a1)) or ($a2 or (1 of ($b, $c))))",
        "any of ($a*) or any of ($b) or all of ($c)",
        "any of them or $a1 /* and $b */ // and $c\n",
    ],
)
def test_a_disjunction_of_all_strings_is_exact(condition: str) -> None:
    assert judge(condition) is ANY


@pytest.mark.parametrize(
    "condition",
    [
        "all of them",
        "2 of them",
        "any of ($a*)",
        "$a1",
        "$a1 and $a2",
        "any of them and $a1",
        "($a1 or $a2) and ($b or $c)",
        "3 of ($a*, $b)",
        "all of ($a*)",
        "#a1 > 3",
        "#a1 >= 1 and #b > 0",
        "3 < #a1 or 3 <= #b",
        "any of them or #c > 1",
        "5 of them",
        "$a1 and ($b or 2 of ($a*) or (#c > 10 and all of them))",
    ],
)
def test_what_more_bytes_cannot_undo_is_positive(condition: str) -> None:
    assert judge(condition) is POSITIVE


@pytest.mark.parametrize(
    "condition",
    [
        "filesize < 64MB",
        "filesize <= 64MB",
        "64MB > filesize",
        "65536KB >= filesize",
        "filesize < 67_108_864",
        "filesize <= 0x4000000",
        "filesize == 0",
        "filesize < 100KB and not $a1 and uint16(0) == 0x5a4d",
        "uint16(0) == 0x5a4d and filesize < 1MB and for any of them : ( $ at 0 )",
        "(filesize < 1MB and $a1)",
        "$a1 at 0 and (filesize < 1MB and pe.is_pe)",
        "(filesize < 1MB and $a1) or (filesize < 2MB and other_rule)",
        "filesize > 10KB and filesize < 20KB",
    ],
)
def test_a_bound_on_the_size_that_always_holds_is_small(condition: str) -> None:
    assert judge(condition) is SMALL


@pytest.mark.parametrize(
    "condition",
    [
        "filesize < 64MB or $a1",
        "$a1 or filesize < 64MB and $b",
        "filesize < 65MB and not $a1",
        "filesize <= 67108865 and $a1",
        "filesize > 10KB",
        "10KB < filesize",
        "filesize != 10",
        "not filesize > 1MB",
        "not (filesize < 1MB)",
        "(filesize < 1MB) == false and $a1",
        "filesize < 1MB == true",
        "filesize < 10 * 1MB",
        "filesize < 1.5",
        "1 + filesize < 1MB",
        "-1 < filesize and $a1",
        "defined filesize < 1MB",
        "for any i in (1, 2) : ( filesize < 1MB )",
        "any of (filesize < 1MB, $a1 and filesize < 1MB)",
        "none of (filesize < 1MB, filesize < 2MB)",
        "with x = 1, y = filesize : ( filesize < 1MB )",
        "tests.length(filesize < 1MB and filesize < 1MB)",
        "x[filesize < 1MB and filesize < 2MB]",
    ],
)
def test_a_size_that_is_no_bound_of_the_whole_condition_is_not_small(
    condition: str,
) -> None:
    assert judge(condition) is OPEN


@pytest.mark.parametrize(
    "condition",
    [
        "not $a1",
        "not any of them",
        "none of them",
        "0 of them",
        "any of them and not $b",
        "$a1 at 0",
        "$a1 in (0..100)",
        "any of them in (0..100)",
        "any of them at 0",
        "#a1 == 2",
        "#a1 < 2",
        "#a1 <= 2",
        "#a1 != 2",
        "#a1 in (0..10) > 2",
        "#a1 > #b",
        "#a1 + #b > 3",
        "#a1 > -1 + 2",
        "@a1 > 10",
        "!c > 2",
        "uint16(0) == 0x5a4d and any of them",
        "filesize > 10 and any of them",
        "50% of them",
        "any of them or pe.is_pe",
        "any of them and filename == ''",
        "any of them or other_rule",
        "other_rule",
        "true",
        "false",
        "for all of them : ( # > 2 )",
        "for any i in (1..#a1) : ( @a1[i] > 10 )",
        "any of ($a1 and $b, $c)",
        "any of ($a1, other_rule)",
        "any of ()",
        "any of ($a1,)",
        "any of ($a1 $b)",
        "any of ($z*)",
        "(#a1) of them",
        "$z",
        "$",
        "defined $a1",
        "$a1 == $b",
        "$a1 and",
        "or $a1",
        "($a1",
        "$a1)",
        "[$a1]",
        "$a1 : $b",
        "",
    ],
)
def test_everything_else_is_open(condition: str) -> None:
    assert judge(condition) is OPEN


def test_a_window_has_room_for_the_longest_match_and_its_surroundings() -> None:
    assert REACH + 2 * CONTEXT <= OVERLAP
    assert WHOLE >= 2 * MIB


WORDS = """$a1 $b any of them 2 all and or not ( ) , filesize < 1MB
#a1 > : [ ] * x"""
words = st.sampled_from(WORDS.split())


@given(st.lists(words, max_size=30).map(" ".join))
def test_arbitrary_conditions_are_judged(condition: str) -> None:
    assert judge(condition) in Decision


@given(st.text(max_size=80))
def test_arbitrary_text_is_judged(text: str) -> None:
    assert isinstance(decide(text), dict)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("(" * 50_000 + "$a" + ")" * 50_000, id="nested"),
        pytest.param("1 of (" * 30_000 + "$a" + ")" * 30_000, id="nested sets"),
        pytest.param(" or ".join(["any of them"] * 50_000), id="repeated"),
        pytest.param("any of (" + ", ".join(["$a"] * 100_000) + ")", id="long set"),
        pytest.param(
            " or ".join(f"any of ($a{number}*)" for number in range(20_000)),
            id="many families",
        ),
        pytest.param(
            f"any of ({', '.join(f'$a{number}*' for number in range(20_000))})",
            id="many families in one set",
        ),
    ],
)
def test_a_long_condition_over_many_strings_is_judged_in_one_go(condition: str) -> None:
    strings = " ".join(f'$a{number} = "x"' for number in range(1_000))
    assert judge(condition, strings + ' $a = "x"') in Decision
