"""Indicators in running text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.extraction.scanner import extract
from clearward.indicators.canonical import canonical

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def values(text: str) -> list[str]:
    return [one.value for one in extract(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C2 server evil .com seen", "evil.com"),
        ("C2 server evil(.)com seen", "evil.com"),
        ("C2 server evil[.com seen", "evil.com"),
        ("C2 server evil dot com seen", "evil.com"),
        ("C2 server evil [.] com seen", "evil.com"),
        ("C2 server ftxp://evil[.]com/f seen", "ftp://evil.com/f"),
        ("C2 server h**p://evil.com/p seen", "http://evil.com/p"),
        ("C2 server 1[.]2[.]3[.]4:8080 seen", "1.2.3.4"),
        ("C2 server user[at]evil[.]com seen", "user@evil.com"),
        ("user AT evil DOT com", "user@evil.com"),
        ("it is hosted at evil[.]com", "evil.com"),
        ("EVIL.Example.", "evil.example"),
        ("**evil.com** and _evil.com_", "evil.com"),
        ("evil.com:8080/path", "evil.com"),
        ("\u8bbf\u95ee\u670d\u52a1\u5668evil.com\u3002\u7136\u540e", "evil.com"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("ev\u200bil.com", "evil.com"),
        ("010.001.002.003", "10.1.2.3"),
        ("(http://x.com/a_(b)).", "http://x.com/a_(b)"),
        ("http://X.com:80/A,", "http://x.com/A"),
        ("<http://1.2.3.4:81/a>", "http://1.2.3.4:81/a"),
        ("http://[2001:DB8::1]/x", "http://[2001:db8::1]/x"),
        ("hxxp://evil[.]com/a[.]php?x=1", "http://evil.com/a.php?x=1"),
        ("from 2001:DB8::1 on", "2001:db8::1"),
        (f"`{MD5.upper()}`", MD5),
        (f"{SHA1}.exe", SHA1),
        (f"sha256:{SHA256}", SHA256),
        ("cve\u20112021-44228,", "CVE-2021-44228"),
        ("the file install[.]sh", "install.sh"),
        ("www.evil.sh", "www.evil.sh"),
        ("a.co.rs", "a.co.rs"),
    ],
)
def test_an_indicator_is_found(text: str, found: str) -> None:
    assert values(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "main.py, report.doc, install.sh, a.b.zip and C:\\dir\\evil.com",
        "System.Net, System.IO, ASP.NET, os.name, self.id, string.format(x), x.open(y)",
        "com.google.android and Win32/Agent.AE and fooBar.name",
        "v1.2.3.4, version 1.2.3.4, Firefox/1.2.3.4, 1.2.3, 1.2.3.4.5 and 1.2.3.256",
        "10.0.0.0/8",
        "12:34:56, 00:11:22:33:44:55, 00:11:22:33:44:55:66:77, std::string and ::",
        "the .com domain, a .NET library, e.g. in it. To be",
        f"{MD5}0 {'0' * 32} x{MD5} {MD5}_a",
        "CVE-2021-442 CVE-1821-44228 XCVE-2021-44228",
        "http://intranet/a http://main.exe/a foo@bar user@host.local",
        f"{'a' * 64}.com http://{'a.' * 150}com/",
    ],
)
def test_a_false_friend_is_none(text: str) -> None:
    assert values(text) == []


def test_what_is_inside_an_address_is_not_told_again() -> None:
    text = f"http://evil.example/b.example/{MD5} me@mail.example"
    assert values(text) == [
        f"http://evil.example/b.example/{MD5}",
        MD5,
        "me@mail.example",
    ]


def test_each_is_told_once_with_its_first_line() -> None:
    text = "x\nevil[.]com\nEVIL.COM and a.example\n\n1.2.3.4"
    told = [(one.line, one.kind.value, one.value) for one in extract(text)]
    assert told == [
        (2, "domain", "evil.com"),
        (3, "domain", "a.example"),
        (5, "ipv4", "1.2.3.4"),
    ]


def test_lists_are_taken_apart() -> None:
    text = "a.com,b.com;c.com|d.com 1.2.3.4-1.2.3.9 http://a.com/x,http://b.com"
    assert values(text) == [
        *("a.com", "b.com", "c.com", "d.com", "1.2.3.4", "1.2.3.9"),
        *("http://a.com/x", "http://b.com"),
    ]


PIECES = st.sampled_from(
    [
        *"ab.:@/[]()\\ \n1-_\x01",
        "evil.com",
        "[.]",
        "http://",
        " .com",
        "1.2.3.4",
        "\u00fc",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_has_canonical_values_in_its_lines(text: str) -> None:
    told = list(extract(text))
    for one in told:
        assert canonical(one.kind, one.value) == one.value
        assert 1 <= one.line <= text.count("\n") + 1
    assert len({(one.kind, one.value) for one in told}) == len(told)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a.a.a.",
            "AAAA",
            "@@@",
            "[.]",
            "http://",
            ".",
            "a@a.",
            "://",
            "1.",
            ":",
            "a:",
        ),
        *(
            "hxxp://",
            "[",
            "\\",
            "-",
            "\u00e9.",
            "http://a.com/",
            "0.0.0.0 ",
            "evil.com ",
        ),
        *(" .com", " dot ", "a .com", "CVE-2021-", "http://a.com:", "http://)", "a%"),
        *("\x01", "http://a.com,", "evil[.]com ", "::", "a-"),
    ],
)
def test_a_hostile_megabyte_takes_no_second(piece: str) -> None:
    text = piece * (1_000_000 // len(piece.encode()))
    started = time.process_time()
    for _ in extract(text):
        pass
    assert time.process_time() - started < 2  # 0.6 on a quiet machine
