"""Behaviour of ClamAV's signatures that know a picture or an icon by its looks."""

import pytest
from support.containers import in_zip
from support.icons import MARK, bitmap, program
from support.pictures import files, png
from support.scans import BODY, Scan

from clearward.core.reasons import NONE, Reason
from clearward.formats import heavy
from clearward.formats.sights import Sighted


def test_a_program_is_known_by_its_icons_too() -> None:
    def asking(name: str, groups: str) -> str:
        return f"{name};Engine:81-255,Target:1,{groups};0;{MARK.hex()}\n"

    icon = bitmap(16, lambda x, y: (220, 30, 40) if x < y else (30, 60, 200))
    bare = program([icon])
    found = Sighted(bare, "CL_TYPE_MSEXE").icons().icons
    scan = Scan(
        ldb=asking("First", "IconGroup1:A")
        + asking("Both", "IconGroup1:A,IconGroup2:B")
        + asking("Other", "IconGroup1:B")
        + asking("Any", "IconGroup2:*"),
        idb=f"n:A:B:{found[0]}\n",
    )
    assert scan.names(bare) == ["First", "Both", "Any"]
    assert scan.names(bare.replace(MARK, bytes(len(MARK)))) == []
    assert scan.names(program([bitmap(16, lambda _x, _y: (9, 200, 9))])) == []
    deep = icon[:14] + b"\x10\0" + icon[16:]
    assert scan(program([deep])).reasons is Reason.UNSUPPORTED


def test_icons_are_not_looked_at_where_no_list_has_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_self: object) -> None:
        pytest.fail("somebody looked")

    monkeypatch.setattr(Sighted, "icons", never)
    asks = f"One;Engine:81-255,Target:1,IconGroup1:A;0;{MARK.hex()}\n"
    assert Scan(ldb=asks).names(program([bitmap(16, lambda _x, _y: (9, 9, 9))])) == []


LOOKS = "Test.Looks;Engine:150-255,Target:0;0;fuzzy_img#83073c395fc78f28#0\n"


def test_a_picture_is_known_by_its_looks() -> None:
    heavy.load()
    also = "Test.Also;Engine:150-255,Target:5;0&1;49484452;fuzzy_img#83073c395fc78f28\n"
    scan = Scan(ldb=LOOKS + also)
    picture = files()["png"][1]
    assert scan.names(picture) == ["Test.Looks", "Test.Also"]
    assert scan.names(in_zip(picture)) == ["Test.Looks", "Test.Also"]
    assert scan.names(files()["bmp"][1]) == ["Test.Looks"]
    assert scan.names(files()["gif"][1]) == []
    assert scan.names(picture[:-40]) == []  # damage has no looks
    assert scan(picture[:-40]).reasons is NONE


def test_a_picture_too_large_to_be_decoded_is_told_if_a_signature_asks() -> None:
    heavy.load()
    large = png(1 << 16, 1 << 16)
    assert Scan(ldb=LOOKS)(large).reasons is Reason.MEMORY_LIMIT
    assert Scan(ndb=BODY)(large).reasons is NONE


def test_a_picture_goes_to_the_heavy_zygote_only_if_a_signature_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heavy, "_loaded", {})
    picture = files()["png"][1]
    assert Scan(ldb=LOOKS)(picture).heavy
    assert not Scan(ldb=LOOKS)(b"say hello world").heavy
    assert not Scan(ndb=BODY)(picture).heavy
