"""Behaviour of the looks of pictures: as clamscan has them, and nothing for damage."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import clamscan
from support.pictures import drawn, files, png, saved

from clearward.core.reasons import Reason
from clearward.core.sights import NO_LOOK, Look
from clearward.formats import heavy
from clearward.formats.pictures.grey import MOST_POINTS, READERS, look

heavy.load()
FILES = files()

# What clamscan 1.4.6 says about them (--gen-json --debug).
HASHES = {
    "png": "83073c395fc78f28",
    "png, grey": "83073c395fc78f28",
    "png, two colours": "81073c395fc59f2c",
    "png, palette": "81071c785ef7b724",
    "png, glass": "83073c395fc78f28",
    "png, grey glass": "83073c395fc78f28",
    "png, 16 bits": "807f556a556a556a",
    "gif": "81071c785ef7b724",
    "gif, moved": "d40f3ef06bd02b94",
    "bmp": "83073c395fc78f28",
    "tiff": "83073c395fc78f28",
    "tiff, glass": "83073c395fc78f28",
    "jpeg": "83073c395fc78f28",
    "jpeg, grey": "81073c395fc79f28",
    "small": "ab39b2e441fbba40",
    "tall": "b3595d2d26665907",
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_picture_looks_as_clamscan_says(name: str) -> None:
    kind, data = FILES[name]
    assert look(data, kind) == Look(bytes.fromhex(HASHES[name]))


@pytest.mark.skipif(not clamscan.installed(), reason="clamscan is not there")
@pytest.mark.parametrize("name", sorted(FILES))
def test_clamscan_still_says_so(name: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(FILES[name][1])
    (tmp_path / "a.ldb").write_text("a;Engine:150-255,Target:0;0;fuzzy_img#" + "0" * 16)
    said = subprocess.run(
        ["clamscan", "--debug", "--database", tmp_path / "a.ldb", tmp_path / "a"],
        capture_output=True,
        text=True,
        check=True,
    )
    made = re.search("Image hash: ([0-9a-f]{16})", said.stderr)
    assert made is not None
    assert made[1] == HASHES[name]


def test_a_picture_of_one_type_is_not_read_as_another() -> None:
    kind, data = FILES["png"]
    for other in READERS.keys() - {kind}:
        assert look(data, other) == NO_LOOK
    assert look(data, "CL_TYPE_ZIP") == NO_LOOK


@pytest.mark.parametrize("name", ["png", "gif", "bmp"])
def test_a_picture_that_is_cut_short_has_no_looks(name: str) -> None:
    kind, data = FILES[name]
    assert look(data[: len(data) * 2 // 3], kind) == NO_LOOK


def test_a_jpeg_without_its_end_has_the_looks_of_the_whole() -> None:
    kind, data = FILES["jpeg"]
    assert look(data[:-2], kind) == look(data, kind)


def test_a_damaged_jpeg_does_not_change_what_a_cut_png_is() -> None:
    look(FILES["jpeg"][1][:-20], "CL_TYPE_JPEG")
    kind, data = FILES["png"]
    assert look(data[:-40], kind) == NO_LOOK


def test_a_picture_that_claims_to_be_too_large_is_not_decoded() -> None:
    side = 1 << 16
    assert side * side > MOST_POINTS
    too_large = Look(None, Reason.MEMORY_LIMIT)
    assert look(png(side, side), "CL_TYPE_PNG") == too_large
    assert look(png(MOST_POINTS + 1, 1), "CL_TYPE_PNG") == too_large


def test_a_picture_of_nothing_has_no_looks() -> None:
    assert look(png(0, 5), "CL_TYPE_PNG") == NO_LOOK
    assert look(png(5, 0), "CL_TYPE_PNG") == NO_LOOK


def test_a_picture_of_many_strips_looks_like_one_of_one_strip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = saved(drawn((90, 70)), "PNG")
    whole = look(data, "CL_TYPE_PNG")
    for points in (1, 90, 500):
        monkeypatch.setattr("clearward.formats.pictures.grey.STRIP", points)
        assert look(data, "CL_TYPE_PNG") == whole


def test_memory_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("clearward.formats.pictures.grey._shrunk", full)
    kind, data = FILES["png"]
    assert look(data, kind) == Look(None, Reason.MEMORY_LIMIT)


def test_what_was_not_loaded_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "_loaded", {})
    kind, data = FILES["png"]
    with pytest.raises(heavy.NotLoaded):
        look(data, kind)
    assert look(b"no picture", kind) == NO_LOOK


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=200))
def test_arbitrary_bytes_behind_the_magic_do_no_harm(kind: str, data: bytes) -> None:
    look(READERS[kind][2] + data, kind)
    for start in (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        look(start + data, "CL_TYPE_TIFF")


@given(st.sampled_from(sorted(FILES)), st.integers(0), st.integers(1, 255))
def test_a_changed_byte_does_no_harm(name: str, at: int, change: int) -> None:
    kind, data = FILES[name]
    damaged = bytearray(data)
    damaged[at % len(data)] ^= change
    look(bytes(damaged), kind)
