"""How rare strings are taken to be, and how their matches begin."""

import pytest
import yara_x
from hypothesis import given
from hypothesis import strategies as st
from support.source import string

from clearward.rules.rarity import beginning, rarity


@pytest.mark.parametrize(
    ("common", "rare"),
    [
        ('"function"', '"Qx7-Zk2_"'),
        ('"aaaaaaaaaaaa"', '"a1b2c3"'),
        ("{ 00 00 00 00 00 00 }", "{ 12 34 56 }"),
        ('"Content-Transfer-Encoding"', '"Global\\\\Mutex"'),
        ("{ D0 CF 11 E0 A1 B1 1A E1 }", "{ 12 34 56 78 }"),
        ("{ 12 ?? 34 ?? 56 [10-20] 78 }", "{ 12 34 56 ?? }"),
        ("/[a-z]{9}(abc|def)/", "/x.K7-Q9-V3/"),
        ('"Qx7-Zk2_" xor', '"Qx7-Zk2_"'),
    ],
)
def test_one_string_is_rarer_than_another(common: str, rare: str) -> None:
    assert rarity(string(common)) < rarity(string(rare))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ('"MZ\\x90\\t"', b"MZ\x90\t"),
        ('"MZ" fullword ascii', b"MZ"),
        ('"MZ\\\\0Z"', b"MZ\\0Z"),
        ('"MZ\\0Z"', b"MZ"),
        ('"MZ" wide', b""),
        ('"MZ" nocase', b""),
        ('"MZ" xor', b""),
        ('"MZab" base64', b""),
        ('"""MZ"""', b""),
        ("{ 4D 5A ?? 90 }", b"MZ"),
        ("{4d5a9?}", b"MZ"),
        ("{ /* 00 */ 4D [2] 5A }", b"M"),
        ("{ ~4D 5A }", b""),
        ("{ ( 4D | 5A ) 5A }", b""),
        ("/MZ/", b""),
    ],
)
def test_matches_begin_with_bytes_that_are_known(text: str, known: bytes) -> None:
    assert beginning(string(text)) == known


@given(st.text(st.sampled_from('ab9 \\"tnrx\n\u00e9'), max_size=12))
def test_a_match_of_a_text_begins_as_it_is_told(text: str) -> None:
    source = f'rule a {{ strings: $a = "{text}" condition: $a at 0 }}'
    try:
        rules = yara_x.compile(source)
    except yara_x.CompileError:
        return
    known = beginning(string(f'"{text}"'))
    assert not known or yara_x.Scanner(rules).scan(known).matching_rules
