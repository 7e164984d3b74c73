"""Behaviour of the list of ClamAV's file types."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clearward.core import filetypes
from clearward.core.filetypes import ANY, TYPES, Target
from clearward.formats.unpack import FORMATS

CLAMSCAN = shutil.which("clamscan")


def test_every_type_has_a_number_of_its_own_from_one_on() -> None:
    assert [filetypes.number(name) for name in TYPES] == [*range(1, len(TYPES) + 1)]


@pytest.mark.parametrize("name", ["", ANY, "CL_TYPE_NONSENSE", "ZIP", "cl_type_zip"])
def test_what_is_no_type_has_the_number_zero(name: str) -> None:
    assert filetypes.number(name) == 0
    assert filetypes.target(name) is Target.ANY


@pytest.mark.parametrize(
    ("name", "place"),
    [("CL_TYPE_7Z", 1), ("CL_TYPE_MSEXE", 40), ("CL_TYPE_ZIPSFX", 79)],
)
def test_the_order_is_kept_since_images_store_it(name: str, place: int) -> None:
    assert filetypes.number(name) == place


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("CL_TYPE_MSEXE", Target.PE),
        ("CL_TYPE_MSOLE2", Target.OLE2),
        ("CL_TYPE_HTML_UTF16", Target.HTML),
        ("CL_TYPE_MAIL", Target.MAIL),
        ("CL_TYPE_PNG", Target.GRAPHICS),
        ("CL_TYPE_TEXT_UTF8", Target.TEXT),
        ("CL_TYPE_BINARY_DATA", Target.OTHER),
        ("CL_TYPE_ZIP", Target.ANY),
        ("CL_TYPE_RTF", Target.ANY),
    ],
)
def test_a_type_has_the_target_that_clamscan_gives_it(
    name: str, target: Target
) -> None:
    assert filetypes.target(name) is target


def test_unknown_types_are_told_from_known_ones() -> None:
    assert all(filetypes.is_known(name) for name in (*TYPES, ANY))
    assert not filetypes.is_known("CL_TYPE_NONSENSE")


@pytest.mark.skipif(CLAMSCAN is None, reason="needs clamscan")
def test_clamscan_takes_every_type_in_a_signature(tmp_path: Path) -> None:
    lines = [
        f"{name};Engine:51-255,Target:0,Container:{name};0;6e6565646c65\n"
        for name in (*TYPES, ANY)
    ]
    database = tmp_path / "types.ldb"
    database.write_text("".join(lines), "ascii")
    scanned = tmp_path / "file"
    scanned.write_bytes(b"nothing of interest")
    ran = subprocess.run(
        [str(CLAMSCAN), "-d", str(database), str(scanned)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"Known viruses: {len(lines)}\n" in ran.stdout


def test_a_format_has_the_types_of_the_parts_it_opens() -> None:
    assert filetypes.opened("zip")[0] == "CL_TYPE_ZIP"
    assert filetypes.opened("nothing") == ()
    names = [format.name for format in FORMATS]
    known = [kind for name in names for kind in filetypes.opened(name)]
    assert len(known) == len(set(known))
    assert all(map(filetypes.is_known, known))
