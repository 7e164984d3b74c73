"""Behaviour of what can be said to the outside."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.egress.request import Destination, Key, Place, Request

SECRET = "0123456789abcdef" * 3


@pytest.mark.parametrize(
    ("url", "shown", "path"),
    [
        ("http://a.example/rules", "a.example:80", "/rules/"),
        ("https://A.example", "a.example:443", "/"),
        ("http://127.0.0.1:8080/x/", "127.0.0.1:8080", "/x/"),
        ("http://[::1]:81/", "[::1]:81", "/"),
    ],
)
def test_addresses_name_a_folder_on_a_server(url: str, shown: str, path: str) -> None:
    place = Place.parse(url)
    assert (str(place.destination), place.path) == (shown, path)
    assert place.target("a/b") == f"{path}a/b"


@pytest.mark.parametrize(
    "url",
    ["", "a", "ftp://a/", "http://", "http://u:p@a/", "http://a/?q", "http://a/#f",
     "http://a:0/", "http://a:99999/", "http://a b/", "http://a/\x00", "http://[::1",
     "http://-a/", "http://ä/", f"http://a/{'x' * 3000}", "http://[fe80::1%25eth0]/"],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Refused, match="not an address"):
        Place.parse(url)


@pytest.mark.parametrize(
    "words",
    [("PUT", "/"), ("GET", "a"), ("GET", "/ a"), ("GET", "/\r\nHost: b"),
     ("GET", "/", b"x"), ("POST", "/", b"x"), ("POST", "/", b"x", "text/\r\nA: b"),
     ("GET", "/é")],
)  # fmt: skip
def test_other_requests_cannot_be_made(words: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"not|body"):
        Request(*words)


@pytest.mark.parametrize(
    ("header", "target", "sent", "line"),
    [
        ("", "/a/{key}/b", f"/a/{SECRET}/b", "GET /a/{key}/b"),
        ("", "/a?k={key}", f"/a?k={SECRET}", "GET /a?k={key}"),
        ("Auth-Key", "/a", "/a", "GET /a Auth-Key: {key}"),
    ],
)
def test_a_key_is_sent_and_not_shown(
    header: str, target: str, sent: str, line: str
) -> None:
    request = Request("GET", target, key=Key(SECRET, header))
    assert request.sent == sent
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    assert request.line == f"{line} (withheld: 48 bytes, SHA-256 {digest})"
    assert SECRET not in f"{request!r}{request}{request.target}{request.line}"


@pytest.mark.parametrize(
    ("value", "header"),
    [
        ("short", ""), ("x" * 513, ""), ("a" * 20 + "\r\n", ""), ("a/" * 10, ""),
        ("ä" * 20, ""), (SECRET, "A:"), (SECRET, "A\nB"), (SECRET, "Host"),
        (SECRET, "user-agent"), (SECRET, "Content-Length"), (SECRET, "If-None-Match"),
    ],
)  # fmt: skip
def test_other_keys_are_not_shown_either(value: str, header: str) -> None:
    with pytest.raises(ValueError, match="not") as raised:
        Key(value, header)
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    ("target", "key"),
    [("/a", Key(SECRET)), ("/{key}", None), ("/{key}", Key(SECRET, "Auth-Key")),
     ("/{other}{key}", Key(SECRET))],
)  # fmt: skip
def test_a_key_has_one_place(target: str, key: Key | None) -> None:
    with pytest.raises(ValueError, match=r"target|place"):
        Request("GET", target, key=key)


@given(st.text(alphabet="abcxyz019._~-", min_size=16, max_size=512))
def test_the_line_tells_how_much_is_withheld_and_its_digest(value: str) -> None:
    line = Request("GET", "/{key}", key=Key(value)).line
    found = re.fullmatch(
        r"GET /\{key} \(withheld: (\d+) bytes, SHA-256 (.{64})\)", line
    )
    assert found
    assert int(found[1]) == len(value)
    assert found[2] == hashlib.sha256(value.encode()).hexdigest()


def test_usual_ports_are_not_written() -> None:
    assert Destination("https", "a", 443).authority == "a"
    assert Destination("https", "a", 80).authority == "a:80"
    assert Destination("http", "::1", 80).url == "http://[::1]"


@given(st.text())
def test_whatever_is_given_is_an_address_or_refused(text: str) -> None:
    try:
        place = Place.parse(text)
    except Refused as error:
        assert "\n" not in str(error)
        assert str(error).isascii()
    else:
        assert place.path.endswith("/")
