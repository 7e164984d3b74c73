"""Patterns that say the same have the same text and stand for the same values."""

import pytest
from hypothesis import assume, given, settings
from support.stix_patterns import PATTERNS

from clearward.core.errors import Malformed
from clearward.indicators import identity
from clearward.indicators.kinds import Kind
from clearward.intel.pattern.normal import normalised
from clearward.intel.pattern.parsing import parse
from clearward.intel.pattern.values import values

MD5 = "0123456789abcdef" * 2

VALUES = {
    Kind.DOMAIN: "evil.example",
    Kind.URL: "http://evil.example/it's\\here",
    Kind.IPV4: "198.51.100.7",
    Kind.IPV6: "2001:db8::1",
    Kind.CIDR: "198.51.100.0/24",
    Kind.IPPORT: "198.51.100.7:8080",
    Kind.EMAIL: "mallory@evil.example",
    Kind.MD5: MD5,
    Kind.SHA1: "a" * 40,
    Kind.SHA256: "b" * 64,
    Kind.SHA512: "c" * 128,
}
SIX = {Kind.CIDR: "2001:db8::/32", Kind.IPPORT: "[2001:db8::1]:443"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param(kind, value, id=f"{kind}-{number}")
        for number, some in enumerate((VALUES, SIX))
        for kind, value in some.items()
    ],
)
def test_the_pattern_of_a_value_stands_for_that_value(kind: Kind, value: str) -> None:
    text = identity.pattern(kind, value)
    assert values(text) == ((kind, value),)
    assert values(normalised(text)) == ((kind, value),)
    assert normalised(text) == text


def test_there_is_a_case_for_every_kind_that_has_a_pattern() -> None:
    assert set(VALUES) == set(Kind) - {Kind.CVE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("[ a:b=1 ]/**/", "[a:'b' == +1.0]", id="spaces, quotes, numbers"),
        pytest.param(
            f"[file:hashes.md5 = '{MD5.upper()}']",
            f"[file:hashes.'MD5' = '{MD5}']",
            id="name and case of a digest",
        ),
        pytest.param(
            "[file:hashes.SHA256 = 'AB']",
            "[file:hashes.'SHA-256' = 'ab']",
            id="SHA-256",
        ),
        pytest.param(
            "[a:b=1 OR (a:c=2 OR a:d=3)]", "[a:d=3 OR a:b=1 OR a:c=2]", id="OR"
        ),
        pytest.param("[a:b=1 AND a:c=2]", "[(a:c=2) AND a:b=1]", id="AND"),
        pytest.param("[a:b IN ('x','y')]", "[a:b='y'] OR [a:b='x']", id="a set"),
        pytest.param("[a:b NOT = 1]", "[a:b <> 1]", id="not equal"),
        pytest.param("[a:b = h'FF00']", "[a:b = b'/wA=']", id="bytes"),
        pytest.param(
            "[url:value = 'hxxp://EVIL[.]example:80/A']",
            "[url:value = 'http://evil.example/A']",
            id="defanged",
        ),
        pytest.param(
            "[ipv4-addr:value = '198.51.100.7/32']",
            "[ipv4-addr:value = '198.51.100.7']",
            id="a network of one",
        ),
        pytest.param(
            "([a:b=1] AND [a:b=2]) REPEATS 1 TIMES", "[a:b=2] AND [a:b=1]", id="once"
        ),
    ],
)
def test_patterns_that_say_the_same_have_the_same_text(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("[a:b=1] AND [a:c=2]", "[a:b=1 AND a:c=2]", id="two observations"),
        pytest.param("[a:b=1] AND [a:b=1]", "[a:b=1]", id="seen twice"),
        pytest.param(
            "[a:b=1] FOLLOWEDBY [a:b=2]", "[a:b=2] FOLLOWEDBY [a:b=1]", id="order"
        ),
        pytest.param("[a:b NOT < 1]", "[a:b >= 1]", id="not less is not at least"),
        pytest.param("[a:b = 'X']", "[a:b = 'x']", id="case of what is not known"),
        pytest.param(
            "[a:b NOT IN (1, 2)]", "[a:b != 1 OR a:b != 2]", id="not in a set"
        ),
        pytest.param("[a:b = true]", "[a:b = 1]", id="true is no number"),
    ],
)
def test_patterns_that_say_something_else_do_not(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(PATTERNS)
@settings(max_examples=100, deadline=None)
def test_the_one_text_is_a_pattern_and_its_own_one_text(text: str) -> None:
    try:
        parse(text)
    except Malformed:
        assume(False)  # noqa: FBT003 - its only argument
    once = normalised(text)
    assert normalised(once) == once


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[domain-name:value != 'a.example']", id="not equal"),
        pytest.param("[domain-name:value NOT IN ('a.example')]", id="not in"),
        pytest.param("[domain-name:value LIKE 'a.example']", id="LIKE"),
        pytest.param("[ipv4-addr:value NOT ISSUBSET '10.0.0.0/8']", id="not a subset"),
        pytest.param("[ipv4-addr:value ISSUPERSET '10.0.0.0/8']", id="superset"),
        pytest.param(
            "[domain-name:value = 'a.example' AND file:name = 'x']", id="more than it"
        ),
        pytest.param(
            "[domain-name:value = 'a.example'] AND [url:value = 'http://a.example/']",
            id="two observations",
        ),
        pytest.param("[domain-name:value = 'a.example'] REPEATS 2 TIMES", id="twice"),
        pytest.param(
            "[domain-name:value = 'a.example'] "
            "START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'",
            id="for a time",
        ),
        pytest.param("[network-traffic:dst_ref.value = '198.51.100.7']", id="one way"),
        pytest.param(
            "[network-traffic:dst_ref.value = '198.51.100.7' AND "
            "network-traffic:dst_port = 80 AND network-traffic:src_port = 1]",
            id="a port more",
        ),
        pytest.param("[domain-name:resolves_to_refs[*].value = '1.2.3.4']", id="named"),
        pytest.param(f"[file:hashes.'SHA-1' = '{MD5}']", id="another digest"),
        pytest.param(f"[artifact:hashes.MD5 = '{MD5}']", id="no file"),
        pytest.param("[ipv4-addr:value = '2001:db8::1']", id="another family"),
        pytest.param("not a pattern", id="no pattern"),
    ],
)
def test_a_value_that_is_not_the_whole_condition_is_none(text: str) -> None:
    assert values(text) == ()


def test_alternatives_stand_for_each_value() -> None:
    text = (
        f"[url:value = 'http://a.example/' OR file:hashes.MD5 = '{MD5}'] OR [x:y = 1]"
    )
    assert set(values(text)) == {(Kind.URL, "http://a.example/"), (Kind.MD5, MD5)}
