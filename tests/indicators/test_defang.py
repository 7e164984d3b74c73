"""What people do to addresses is undone."""

import time

import pytest

from clearward.indicators.canonical import kind_of
from clearward.indicators.defang import refanged, undone

DOMAIN, URL, EMAIL = "evil.com", "http://evil.com/a", "user@evil.com"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *(
            (text, DOMAIN)
            for text in (
                "evil[.]com", "evil(.)com", "evil{.}com", "evil<.>com", "evil[[.]]com",
                "evil[dot]com", "evil(DOT)com", "evil[d0t]com", "evil[punkt]com",
                "evil[,]com", "evil [.] com", "evil[ . ]com", "evil[.com", "evil.]com",
                "evil(.com", "evil[.com]", "evil\\.com", "evil .com", "evil dot com",
                "evil\u200b.com", "evil&#46;com", "evil. com",
            )
        ),
        *(
            (text, URL)
            for text in (
                "hxxp://evil.com/a", "hXXp://evil[.]com/a", "h**p://evil.com/a",
                "hxtp://evil.com/a", "htxp://evil.com/a", "h__p://evil.com/a",
                "http[:]//evil.com/a", "http[://]evil.com/a", "hxxp[:]//evil.com[/]a",
                "http:\\\\evil.com/a", "hxxp__evil.com/a", "hxxp//evil.com/a",
                "meow://evil.com/a", "http:\\/\\/evil.com\\/a", "http[:/]/evil.com/a",
                "hxxp:// evil.com/a", "hxxp :// evil.com/a",
            )
        ),
        ("http[s]://evil.com", "https://evil.com"),
        ("hxxps://evil.com", "https://evil.com"),
        ("ftxp://evil.com/f", "ftp://evil.com/f"),
        ("fxp://evil.com/f", "ftp://evil.com/f"),
        ("ftx://evil.com/f", "ftp://evil.com/f"),
        *(
            (text, EMAIL)
            for text in (
                "user[@]evil.com", "user(at)evil[.]com", "user {AT} evil (dot) com",
                "user [at] evil.com", "user @ evil.com",
            )
        ),
        ("1.2.3[.]4", "1.2.3.4"),
        ("1[.2[.3[.4", "1.2.3.4"),
    ],
)  # fmt: skip
def test_a_value_is_what_was_meant(text: str, meant: str) -> None:
    told = kind_of(text)
    assert told is not None
    assert told[1] == meant


@pytest.mark.parametrize(
    "text",
    ["print(a.b)", "a[0].b", "file(s)", "()[]{}", "f(a, b)", "a < b"],
)
def test_what_is_not_defanged_stays(text: str) -> None:
    assert undone(text) == text


def test_a_dot_that_was_defanged_can_be_told() -> None:
    assert undone("a.b[.]c\\.d(dot)e[.f", "!") == "a.b!c!d!e!f"


def test_lines_stay_lines() -> None:
    assert undone("evil[\n.]com\nhxxp:\n//a") == "evil[\n.]com\nhxxp:\n//a"


@pytest.mark.parametrize(
    "piece", ["[.]", "[", "(", " ", "hxxp", "hxxp:", "h**", "\\", "&", "[[ ", ".]", "_"]
)
def test_a_megabyte_of_marks_takes_no_second(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    refanged(text)
    assert time.process_time() - started < 1
