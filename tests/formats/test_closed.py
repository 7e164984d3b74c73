"""Behaviour of the table of containers that cannot be opened yet."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import at_random, gaps

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import closed, closed_places
from clearward.formats.closed import CLOSED, ENTRIES, Entry, Signature
from clearward.formats.opened import OPENED

ROOT = Path(__file__).parents[2]
TABLE = tomllib.loads(Path(closed.__file__).with_suffix(".toml").read_text("utf-8"))
SURE = [each for each in ENTRIES if each.signature.check is None]
HEAD = 64 * 1024


def names(entries: list[Entry]) -> list[str]:
    return [each.format.name for each in entries]


def sample(entry: Entry, magic: bytes) -> bytes:
    """A part with one magic of a row in its place, and nothing else."""
    place = entry.signature.place
    if place < 0:
        return bytes(1000) + magic + bytes(-place - len(magic))
    return bytes(place) + magic + bytes(16)


def is_recognised(entry: Entry, data: bytes) -> bool:
    return entry.format.recognises(data[:HEAD], Reader.of(data))


@pytest.mark.parametrize("entry", SURE, ids=names(SURE))
def test_every_magic_in_its_place_is_recognised(entry: Entry) -> None:
    for magic in entry.signature.magics:
        assert is_recognised(entry, sample(entry, magic))


@pytest.mark.parametrize("entry", SURE, ids=names(SURE))
def test_a_magic_with_a_wrong_last_byte_is_not(entry: Entry) -> None:
    for magic in entry.signature.magics:
        wrong = magic[:-1] + bytes([magic[-1] ^ 0x80])
        assert not is_recognised(entry, sample(entry, wrong))


@pytest.mark.parametrize("entry", SURE, ids=names(SURE))
def test_a_magic_one_byte_too_late_is_not(entry: Entry) -> None:
    for magic in entry.signature.magics:
        data = sample(entry, magic)
        late = data[1:] if entry.signature.place < 0 else b"\0" + data
        shifted = late if entry.signature.place >= 0 else data + b"\0"
        assert not is_recognised(entry, shifted)


@pytest.mark.parametrize("entry", SURE, ids=names(SURE))
def test_a_magic_that_is_cut_short_is_not(entry: Entry) -> None:
    if entry.signature.place >= 0:
        for magic in entry.signature.magics:
            cut = bytes(entry.signature.place) + magic[:-1]
            assert not is_recognised(entry, cut)


def test_a_magic_without_a_check_is_sure_by_its_length() -> None:
    assert all(len(magic) >= 4 for each in SURE for magic in each.signature.magics), (
        "a short magic needs a check"
    )


def test_names_and_magics_are_unique() -> None:
    assert len(set(names(list(ENTRIES)))) == len(ENTRIES)
    places = [
        (each.signature.place, magic)
        for each in SURE
        for magic in each.signature.magics
    ]
    assert len(set(places)) == len(places)


def test_every_check_is_used_and_every_row_has_a_source() -> None:
    rows = TABLE["format"]
    assert {row["check"] for row in rows if "check" in row} == set(closed.CHECKS)
    assert all(row["source"] and row["title"] for row in rows)


def test_a_closed_format_has_no_reader_and_an_encrypted_one_says_so() -> None:
    said = {row["name"]: row.get("reason", "unsupported") for row in TABLE["format"]}
    assert set(said.values()) == {"unsupported", "encrypted"}
    for each in CLOSED:
        if each.name in OPENED:
            assert each.unpack is not None
        elif said[each.name] == "encrypted":
            assert each.unpack_ahead is not None
            assert gaps(each.unpack_ahead(at_random(b"x"))) == [Reason.ENCRYPTED]
        else:
            assert (each.unpack is not None) == (each.name in OPENED)
            assert each.unpack_ahead is None


def test_a_step_allows_the_magic_at_later_sectors_of_the_head_only() -> None:
    (iso,) = [each for each in ENTRIES if each.format.name == "iso"]
    for sector in range(16):
        assert is_recognised(iso, bytes(32769 + 2048 * sector) + b"CD001")
    assert not is_recognised(iso, bytes(32768) + b"CD001")
    assert not is_recognised(iso, bytes(32769 + 1024) + b"CD001")
    assert not is_recognised(iso, bytes(32769 + 2048 * 16) + b"CD001")


def test_a_footer_is_looked_for_at_the_end_of_a_part_longer_than_its_head() -> None:
    (dmg,) = [each for each in ENTRIES if each.format.name == "dmg"]
    footer = b"koly\0\0\0\4".ljust(512, b"\0")
    assert is_recognised(dmg, footer)
    assert is_recognised(dmg, bytes(3 * HEAD) + footer)
    assert not is_recognised(dmg, footer[:-1])


@pytest.mark.parametrize(
    ("row", "error"),
    [
        pytest.param({"magic": ["abcd"]}, KeyError, id="no name"),
        pytest.param({"name": "a"}, KeyError, id="no magic"),
        pytest.param({"name": "a", "magic": []}, ValueError, id="empty list"),
        pytest.param(
            {"name": "a", "magic": ["abcd", ""]}, ValueError, id="empty magic"
        ),
        pytest.param(
            {"name": "a", "magic": ["abcd"], "check": "none"}, KeyError, id="no check"
        ),
    ],
)
def test_a_row_that_cannot_work_is_refused(
    row: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        closed.entry(row)


def test_a_magic_is_written_as_ascii_with_other_bytes_in_hexadecimal() -> None:
    entry = closed.entry({"name": "a", "magic": [r"A\x00\xff\\"]})
    assert entry.signature.magics == (b"A\0\xff\\",)
    assert entry.format.magics == entry.signature.magics


@settings(max_examples=30)
@given(st.binary(max_size=1200), st.integers(0, 1100))
def test_arbitrary_bytes_around_a_magic_raise_nothing(data: bytes, cut: int) -> None:
    for entry in ENTRIES:
        for magic in entry.signature.magics[:2]:
            place = max(entry.signature.place, 0)
            if place < 2048:
                part = data[:place].ljust(place, b"\0") + magic + data[place:]
                is_recognised(entry, part)
                is_recognised(entry, part[:cut])


def test_signatures_that_do_not_lead_have_no_magic_for_the_first_two_bytes() -> None:
    for each in ENTRIES:
        leads = not (each.signature.place or each.signature.within)
        assert each.signature.leads == leads
        assert bool(each.format.magics) == leads


def test_a_signature_within_a_range_ends_where_the_range_ends() -> None:
    signature = Signature((b"abcd",), place=2, within=10)
    found = [
        place
        for place in range(20)
        if signature.recognises(
            bytes(place) + b"abcd", Reader.of(bytes(place) + b"abcd")
        )
    ]
    assert found == list(range(2, 13))


def known_by(row: dict[str, Any]) -> str:
    """What the page says in the column "known by"."""
    magics = [f"`{magic}`" for magic in row["magic"]]
    words = " or ".join(magics[:3])
    words += f" or {len(magics) - 3} more" if len(magics) > 3 else ""
    place = row.get("place", 0)
    if "within" in row:
        words += f" within {row['within']} bytes"
    elif place < 0:
        words += f" {-place} bytes before the end"
    elif place:
        words += f" at {place}"
    words += f" and every {row['step']} bytes from there" if "step" in row else ""
    return words + (f"; {row['check'].replace('-', ' ')}" if "check" in row else "")


@pytest.mark.parametrize("row", TABLE["format"], ids=lambda row: str(row["name"]))
def test_the_page_of_formats_has_the_row(row: dict[str, Any]) -> None:
    is_open = row["name"] in OPENED
    here = "opened" if is_open else "closed"
    said = r"[a-z, -]+" if is_open else row.get("reason", "unsupported")
    line = re.escape(f"| {row['name']} | {row['title']} | {here} | {known_by(row)} | ")
    line += said + re.escape(f" | {row['source']} |")
    page = (ROOT / "docs/formats.md").read_text("utf-8")
    assert [each for each in page.splitlines() if re.fullmatch(line, each)]


def test_the_page_of_formats_names_no_other_closed_format() -> None:
    page = (ROOT / "docs/formats.md").read_text("utf-8")
    cells = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    listed = [row[0].removeprefix("| ") for row in cells if row[2] == "closed"]
    known = [name for name in names(list(ENTRIES)) if name not in OPENED]
    assert listed == known
    assert closed_places.NEAR > 4096
