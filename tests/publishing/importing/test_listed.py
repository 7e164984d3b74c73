"""Behaviour of lists of public sources."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.publishing.importing.listed import chosen, listed

GOOD = """
[[source]]
name = "one"
url = "https://rules.example/base/one.cvd"
file = "main.cvd"
licence = "CC0-1.0"
"""


def written(folder: Path, text: str) -> str:
    path = folder / "sources.toml"
    path.write_text(text)
    return str(path)


def test_the_shipped_list_can_be_used() -> None:
    found = {one.name: one for one in listed()}
    assert list(found)[:2] == ["clamav-main", "clamav-daily"]
    assert {"yara-forge-core", "signature-base", "malwarebazaar-recent"} <= set(found)
    assert all(
        one.said.keys() == {"licence", "author", "about"} for one in found.values()
    )
    assert {one.destination.scheme for one in found.values()} == {"https"}


def test_a_list_of_ones_own_takes_its_place(tmp_path: Path) -> None:
    (one,) = listed(written(tmp_path, GOOD))
    assert str(one.destination) == "rules.example:443"
    assert (one.target, one.file) == ("/base/one.cvd", "main.cvd")
    assert one.said == {"licence": "CC0-1.0"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"one"', '"../one"', "no name of a file"),
        ('"main.cvd"', '"/etc/main.cvd"', "no name of a file"),
        ('"main.cvd"', '"main.exe"', "not a kind of rules"),
        ("https:", "ftp:", "not an address"),
        ("one.cvd", "a b", "target"),
        ('name = "one"', "", "without name"),
        ("licence", "most", "not a field"),
        ('"CC0-1.0"', "1", "not a field"),
        ("licence", "colour", "not a field"),
        ("[[source]]", "[source]", r"tables \[\[source\]\]"),
        ("[[source]]", "[[", "no TOML"),
        (GOOD, GOOD + GOOD, "there twice"),
        ('"CC0-1.0"', '"x"\nmost = 0', "at most 0 bytes"),
        ("one.cvd", "one.cvd#a", "fragment"),
        ("one.cvd", "{key}", "target"),
        ('"CC0-1.0"', '"x"\nalso = "a"', "also: not a field"),
        ('"CC0-1.0"', '"x"\nalso = [1]', "also: not a field"),
        ('"CC0-1.0"', '"x"\nalso = ["https://a/"]', "a host"),
        ('"CC0-1.0"', '"x"\nalso = ["a/b"]', "a host"),
        ('"CC0-1.0"', '"x"\nalso = ["a b"]', "not an address"),
        ('"CC0-1.0"', '"x"\nalso = [' + '"a",' * 17 + "]", "more than 16"),
        ('"CC0-1.0"', '"x"\nheader = "A"', "header without a key"),
        ('"CC0-1.0"', '"x"\nkey = "env:A"', "its place"),
        ('"CC0-1.0"', '"x"\nkey = "env:A-B"', "env:NAME"),
        ('"CC0-1.0"', '"x"\nkey = ""', "env:NAME"),
        ('"CC0-1.0"', '"x"\nkey = "env:A"\nheader = "Host"', "not a header"),
        ('one.cvd"', '{key}"\nkey = "env:A"\nheader = "A"', "its place"),
    ],
)
def test_others_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = GOOD.replace(old, new)
    with pytest.raises(Refused, match=said):
        listed(written(tmp_path, text))


def test_a_key_that_is_written_down_is_not_repeated(tmp_path: Path) -> None:
    text = GOOD + 'key = "0123456789abcdef"\nheader = "Auth-Key"'
    with pytest.raises(Refused) as raised:
        listed(written(tmp_path, text))
    assert "0123456789abcdef" not in str(raised.value)


def test_a_key_needs_https(tmp_path: Path) -> None:
    text = GOOD + 'key = "env:A"\nheader = "Auth-Key"'
    assert listed(written(tmp_path, text))
    with pytest.raises(Refused, match="a key needs https"):
        listed(written(tmp_path, text.replace("https", "http")))


@pytest.mark.parametrize(
    ("scheme", "others"),
    [
        ("https", ["https://a.example", "https://b.example:8443"]),
        ("http", ["http://a.example", "https://a.example", "http://b.example:8443",
                  "https://b.example:8443"]),
    ],
)  # fmt: skip
def test_from_https_only_https_is_followed(
    tmp_path: Path, scheme: str, others: list[str]
) -> None:
    text = GOOD.replace("https", scheme) + 'also = ["a.example", "b.example:8443"]'
    (one,) = listed(written(tmp_path, text))
    assert [other.url for other in one.others] == others


def test_a_key_has_its_place_in_the_address(tmp_path: Path) -> None:
    text = GOOD.replace("base/one.cvd", "{key}/one.cvd?a={key}") + 'key = "env:A"'
    (one,) = listed(written(tmp_path, text))
    assert one.target == "/{key}/one.cvd?a={key}"
    assert one.needed
    assert (one.needed.variable, one.needed.header) == ("A", "")


@pytest.mark.parametrize("file", ["a.yar.zip", "a.YAR.TAR.GZ", "a.yara.zip"])
def test_packed_rules_are_rules(tmp_path: Path, file: str) -> None:
    (one,) = listed(written(tmp_path, GOOD.replace("main.cvd", file)))
    assert one.file == file


@pytest.mark.parametrize("file", ["a.zip", "a.tar.gz", "a.sha256.zip", "a.yar.gz"])
def test_other_archives_are_none(tmp_path: Path, file: str) -> None:
    with pytest.raises(Refused, match="not a kind of rules"):
        listed(written(tmp_path, GOOD.replace("main.cvd", file)))


def test_only_what_there_is_can_be_chosen(tmp_path: Path) -> None:
    found = listed(written(tmp_path, GOOD + GOOD.replace('"one"', '"two"')))
    assert [one.name for one in chosen(found, ["two"])] == ["two"]
    assert chosen(found, []) == found
    with pytest.raises(Refused, match="there are one, two"):
        chosen(found, ["three"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_whatever_is_in_it_is_a_list_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.toml"
    for text in (data, GOOD.encode() + data):
        path.write_bytes(text)
        try:
            listed(str(path))
        except Refused as error:
            assert "\n" not in str(error)
