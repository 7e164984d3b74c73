"""Patterns and ids that are made from values alone."""

import re

import pytest

from clearward.indicators.identity import indicator_id, pattern
from clearward.indicators.kinds import Kind


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Kind.DOMAIN, "evil.example", "[domain-name:value = 'evil.example']"),
        (Kind.URL, "http://a/'\\", "[url:value = 'http://a/\\'\\\\']"),
        (Kind.CIDR, "10.0.0.0/8", "[ipv4-addr:value ISSUBSET '10.0.0.0/8']"),
        (Kind.SHA1, "ab", "[file:hashes.'SHA-1' = 'ab']"),
        (
            Kind.IPPORT,
            "[::1]:80",
            (
                "[network-traffic:dst_ref.type = 'ipv6-addr' AND "
                "network-traffic:dst_ref.value = '::1' AND "
                "network-traffic:dst_port = 80]"
            ),
        ),
    ],
)
def test_a_value_has_one_pattern(kind: Kind, value: str, said: str) -> None:
    assert pattern(kind, value) == said


def test_a_vulnerability_is_no_pattern() -> None:
    with pytest.raises(KeyError):
        pattern(Kind.CVE, "CVE-2021-44228")


def test_the_same_pattern_has_the_same_id() -> None:
    one = indicator_id("[domain-name:value = 'evil.example']")
    assert one == indicator_id("[domain-name:value = 'evil.example']")
    assert one != indicator_id("[domain-name:value = 'evil2.example']")
    assert re.fullmatch(
        r"indicator--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab].*", one
    )
