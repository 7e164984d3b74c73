"""Values of indicators in the one way in which they are written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.indicators.canonical import MOST_VALUE, canonical, kind_of
from clearward.indicators.kinds import Kind

MD5 = "D41D8CD98F00B204E9800998ECF8427E"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.DOMAIN, "EVIL.Example.", "evil.example"),
        (Kind.DOMAIN, "evil[.]example", "evil.example"),
        (Kind.DOMAIN, "bücher.example", "xn--bcher-kva.example"),
        (Kind.DOMAIN, "☃.example", "xn--n3h.example"),
        (Kind.DOMAIN, "_dmarc.evil.example", "_dmarc.evil.example"),
        (Kind.DOMAIN, "evil", None),
        (Kind.DOMAIN, "1.2.3.4", None),
        (Kind.DOMAIN, "evil.7ci", None),
        (Kind.DOMAIN, "-evil.example", None),
        (Kind.DOMAIN, f"{'a' * 64}.example", None),
        (Kind.DOMAIN, "a." * 130 + "example", None),
        (Kind.IPV4, "010.001.002.003", "10.1.2.3"),
        (Kind.IPV4, "1[.]2[.]3[.]4", "1.2.3.4"),
        (Kind.IPV4, "::ffff:1.2.3.4", "1.2.3.4"),
        (Kind.IPV4, "1.2.3.256", None),
        (Kind.IPV4, "1.2.3", None),
        (Kind.IPV4, "\uff11.2.3.4", None),
        (Kind.IPV6, "2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        (Kind.IPV6, "[2001:db8::1]", "2001:db8::1"),
        (Kind.IPV6, "2001[:]db8[:][:]1", "2001:db8::1"),
        (Kind.IPV6, "::ffff:1.2.3.4", None),
        (Kind.IPV6, "fe80::1%eth0", None),
        (Kind.CIDR, "10.1.2.3/8", "10.0.0.0/8"),
        (Kind.CIDR, "2001:DB8::1/32", "2001:db8::/32"),
        (Kind.CIDR, "10.0.0.0/33", None),
        (Kind.IPPORT, "1.2.3.4:0080", "1.2.3.4:80"),
        (Kind.IPPORT, "1[.]2[.]3[.]4:8080", "1.2.3.4:8080"),
        (Kind.IPPORT, "[2001:DB8::1]:443", "[2001:db8::1]:443"),
        (Kind.IPPORT, "1.2.3.4:65536", None),
        (Kind.IPPORT, "1.2.3.4:0", None),
        (Kind.URL, "HXXPS[:]//Evil[.]Example:443/A?b#C", "https://evil.example/A?b#C"),
        (Kind.URL, "http://evil.example:080/", "http://evil.example/"),
        (Kind.URL, "http://evil.example:8080", "http://evil.example:8080"),
        (Kind.URL, "http://1.2.3.4:80/a", "http://1.2.3.4/a"),
        (Kind.URL, "http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        (Kind.URL, "http://me:pw@evil.example/", "http://me:pw@evil.example/"),
        (Kind.URL, "http://bücher.example/ü", "http://xn--bcher-kva.example/ü"),
        (Kind.URL, "http://host/a", "http://host/a"),
        (Kind.URL, "Evil.example/a", "http://evil.example/a"),
        (Kind.URL, "evil.example", None),
        (Kind.URL, "http://evil.example:65536/", None),
        (Kind.URL, "http://evil..example/", None),
        (Kind.URL, "http://evil.example/a b", None),
        (Kind.EMAIL, "User[at]Evil[.]Example", "user@evil.example"),
        (Kind.EMAIL, "mailto:a@evil.example", "a@evil.example"),
        (Kind.EMAIL, "@evil.example", None),
        (Kind.MD5, f" {MD5} ", MD5.lower()),
        (Kind.SHA1, MD5, None),
        (Kind.MD5, MD5[:-1] + "g", None),
        (Kind.CVE, "cve-2021-44228", "CVE-2021-44228"),
        (Kind.CVE, "CVE-2021-442", None),
    ],
)
def test_a_value_has_one_way_to_be_written(
    kind: Kind, text: str, value: str | None
) -> None:
    assert canonical(kind, text) == value


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_what_is_canonical_stays_as_it_is(kind: Kind, data: st.DataObject) -> None:
    letters = st.sampled_from(
        [*"ab0A.:/@[](){}\\-_ x%?#ü。1", "dot", "http://", ".com"]
    )
    text = "".join(data.draw(st.lists(letters, max_size=12)))
    value = canonical(kind, text)
    if value is not None:
        assert canonical(kind, value) == value


@given(st.text())
def test_the_kind_of_a_value_is_one_that_has_it(text: str) -> None:
    told = kind_of(text)
    if told is not None:
        assert canonical(*told) == told[1]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("evil .com", Kind.DOMAIN),
        ("evil.example/a", Kind.URL),
        ("10.0.0.0/8", Kind.CIDR),
        ("::ffff:1.2.3.4", Kind.IPV4),
        ("1.2.3.4:80", Kind.IPPORT),
        (MD5, Kind.MD5),
        ("cve-2021-44228", Kind.CVE),
        ("a@evil.example", Kind.EMAIL),
    ],
)
def test_the_kind_is_told_from_the_value(text: str, kind: Kind) -> None:
    told = kind_of(text)
    assert told is not None
    assert told[0] is kind


@pytest.mark.parametrize(
    "piece", ["a.", "A", "@", "[.]", "http://", ":", "/", " dot ", "\\.", "[", "ü."]
)
def test_a_long_value_takes_no_time(piece: str) -> None:
    text = piece * (MOST_VALUE // len(piece))
    started = time.process_time()
    kind_of(text)
    assert time.process_time() - started < 1


def test_what_is_written_right_is_seen_at_one_look() -> None:
    started = time.process_time()
    for number in range(50_000):
        canonical(Kind.DOMAIN, f"name{number}.evil.example")
    assert time.process_time() - started < 50_000 * 20e-6  # 4 on a quiet machine
