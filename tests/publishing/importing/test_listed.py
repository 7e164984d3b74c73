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
    assert [one.name for one in listed()][:2] == ["clamav-main", "clamav-daily"]


def test_a_list_of_ones_own_takes_its_place(tmp_path: Path) -> None:
    (one,) = listed(written(tmp_path, GOOD))
    assert str(one.place.destination) == "rules.example:443"
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
    ],
)
def test_others_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = GOOD.replace(old, new)
    with pytest.raises(Refused, match=said):
        listed(written(tmp_path, text))


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
