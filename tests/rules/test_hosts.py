"""Behaviour of the hosts of a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.hosts import LONGEST, Address, Shown, domain


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://Key.com/a?b", "key.com"),
        (" HTTPS://key.com:80 ", "key.com"),
        ("ftp:key.com", "key.com"),
        ("http:\\\\key.com\\x", "key.com"),
        ("http://key.com@evil.com", "evil.com"),
        ("http://a:b@key.com?x@y", "key.com"),
        ("http://key.com%2f@evil.com", "evil.com"),
        ("http://%6bey%2ecom#x", "key.com"),
        ("http://k\x01ey.com", "key.com"),
        ("http://[::1]:80/", "[::1]"),
        ("http://3232235777/", "3232235777"),
        ("key.com", "key.com"),
        ("a-b_c.key.museum/x", "a-b_c.key.museum"),
    ],
)
def test_an_address_leads_to_a_host(text: str, host: str) -> None:
    address = Address.of(text)
    assert address is not None
    assert address.host == host


@pytest.mark.parametrize(
    "text",
    [
        *("", "#x", "/", "foo", "foo.html", "evil.php", "127.0.0.1", "evil.com:80"),
        *("mailto:a@b.com", "javascript:x()", "//evil.com", "../evil.com", "evil.qq"),
    ],
)
def test_what_is_no_address_leads_nowhere(text: str) -> None:
    assert Address.of(text) is None


@pytest.mark.parametrize(
    ("text", "cloaked"),
    [
        ("http://key.com%00.evil.com", True),
        ("http://key.com%01@evil.com", True),
        ("http://key.com%00", False),
        ("http://key.com/%00x", False),
    ],
)
def test_a_host_is_cloaked_by_what_ends_it(text: str, *, cloaked: bool) -> None:
    address = Address.of(text)
    assert address is not None
    assert address.cloaked is cloaked


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("key.com", "key.com"),
        (" (KEY.com)! ", "key.com"),
        ("=====key.com", "key.com"),
        ("k%65y .com/x y", "key.com"),
        ("go to https://key.com:80/x", "key.com"),
        ("http:\\\\key.com\\x", "key.com"),
        ("mailto:me@key.com", "key.com"),
        ("http://user@key.com", "key.com"),
        ("ke\u200by.com\xa0", "key.com"),
        ("go key.com", "gokey.com"),
    ],
)
def test_text_shows_a_host(text: str, host: str) -> None:
    shown = Shown.of(text)
    assert shown is not None
    assert shown.host == host


@pytest.mark.parametrize("text", ["", " - ", "me@key.com", "key.com:80", "/key.com"])
def test_text_that_shows_no_host(text: str) -> None:
    assert Shown.of(text) is None


def test_a_host_may_begin_behind_white_space_and_marks() -> None:
    shown = Shown.of('go www.key.com"x;y')
    assert shown is not None
    assert [shown.host[place:] for place in shown.borders] == [
        *('gowww.key.com"x;y', 'www.key.com"x;y', 'key.com"x;y', 'com"x;y', "x;y", "y")
    ]


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("www.key.com", "key.com"),
        ("key.com", "key.com"),
        ("com", "com"),
        ("www.key.co.uk", "key.co.uk"),
        ("co.uk", "co.uk"),
        ("www.key.de", "key.de"),
        ("a.b.us.com", "us.com"),
        ("a.b.co.qq", "co.qq"),
    ],
)
def test_a_domain_has_one_owner(host: str, part: str) -> None:
    assert domain(host) == part


@given(st.text() | st.text("htps:/@%0.a &"))
def test_any_text_is_read(text: str) -> None:
    address, shown = Address.of(text), Shown.of(text)
    assert address is None or len(address.host) <= LONGEST
    assert shown is None or all(0 <= at < len(shown.host) for at in shown.borders)
