"""Behaviour of what can be said to the outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.egress.request import Destination, Place, Request


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
