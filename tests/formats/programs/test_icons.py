"""Behaviour of the icons of programs: they look as clamscan says."""

import re
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import clamscan
from support.icons import MARK, Colour, bitmap, program

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import Icons
from clearward.formats.programs import icons, pe

# What clamscan 1.4.6 says about them (--debug).
HASHES = {
    "flag16": (
        "10cbf0004cbf0008cbf040803e08001a9000061d0a04f70000f30800e30405"
        "c80805ce0401d70a0aad0503a60a02950a0800000900040b0600054003204b"
    ),
    "flag20": (
        "10cbf0004cbf0008cbf040803e060030900003350904f30600f00000e60904"
        "c80604cf0908da0202ba0902ae0a069d030100000900040b0a000540032148"
    ),
    "flag24": (
        "18cbf0006cbf000ccbf060c41706004170e004d20e09e60000e50600e50e00"
        "d40a0ad50604d60e10a90f04a30f0a9c070200000b00061000001142031e4b"
    ),
    "flag32": (
        "20cbf0008cbf0010cbf081054e070054e0f0061d0f08e10000e00800e01000"
        "d70402d7080ad81014a20e03a21603a2150d00000c00001400081443031d4a"
    ),
    "flag48": (
        "18cbf0006cbf000ccbf060c554080055410005b10c06de0800de1000dc100f"
        "d20606d70002d80c0ca5100da30e069f080300000b0000110006114004204e"
    ),
    "flag64": (
        "20cbf0008cbf0010cbf081058f07005900f005ed110add0800dd1000dc0c12"
        "d50606d51616da0f0aa3110ba20d03a2150300000c0000140008154004204f"
    ),
    "flag100": (
        "20cbf0008cbf0010cbf08105630902563110a5b61400de0802de0000de110a"
        "d91002da0102da1112480301470c0944161500000d00081400001544031c4a"
    ),
    "stairs16": (
        "100740a0105e050304f02070360a0103a050305b0207b50000970a08780600"
        "280a022805062b00049d090599070a80030b1c000327000b2e000700000000"
    ),
    "stairs20": (
        "10065080006302010530105046080005b020105e0105a700009908068b040b"
        "28040528000a28080aa307049d04097b0808260a0b32000343000900000000"
    ),
    "stairs24": (
        "18054030104a0a0b02c0a1103e03010470a0b04a0a11bb0e0ca40e00890811"
        "2e040634101134000c91040c8c09055b0f01140e111a10082f000300000000"
    ),
    "stairs32": (
        "2004b011303b1601032160f024011302a160102c160f8d0f0a871300860712"
        "26101235000435160a76030b690802661617180c0f1b100723081700000000"
    ),
    "stairs48": (
        "18071100306a0e0f05e010904e10030550e0f05901097b0600780406751009"
        "2f060c330a063b1011850d098003037208103b00003f090447040c00000000"
    ),
    "stairs64": (
        "2007206150721003067160b049061504c100304d160b7312007204006b0616"
        "38110f38050c410017790b0c72020372151344160046090048130900000000"
    ),
    "stairs100": (
        "20061081605b1616056100104a081604c16160501001690000680a00631300"
        "4915164a02174a0b0a64140b630c09620407400000430017430d0000000000"
    ),
}


def flag(x: int, y: int) -> Colour:
    if x < y:
        return 220, 30, 40
    return (30, 60, 200) if (x // 4 + y // 5) % 2 else (240, 240, 235)


def stairs(x: int, y: int) -> Colour:
    grey = (x * 9 + y * 5) % 256 if (x // 5 + y // 6) % 2 else 40
    return grey, grey, grey


def fading(x: int, y: int) -> int:
    if x + y < 4:
        return 0
    return 128 if y < 2 else 255


def drawn(name: str) -> bytes:
    colour = flag if name.startswith("flag") else stairs
    return bitmap(int(name.lstrip("flagstir")), colour, shown=fading)


def seen(data: bytes) -> Icons:
    reader = Reader.of(data)
    return icons.icons(pe.read(reader), reader)


def looks(data: bytes) -> list[str]:
    return [str(icon) for icon in seen(data).icons]


@pytest.mark.parametrize("name", sorted(HASHES))
def test_an_icon_looks_as_clamscan_says(name: str) -> None:
    assert looks(program([drawn(name)])) == [HASHES[name]]


@pytest.mark.skipif(not clamscan.installed(), reason="clamscan is not there")
@pytest.mark.parametrize("name", ["flag16", "flag48", "stairs32", "stairs100"])
def test_clamscan_still_says_so(name: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(program([drawn(name)]))
    line = f"a;Engine:51-255,Target:1,IconGroup1:A;0;{MARK.hex()}"
    (tmp_path / "a.ldb").write_text(line)
    (tmp_path / "a.idb").write_text(f"a:A:B:{HASHES['flag16']}")
    databases = [f"--database={tmp_path / name}" for name in ("a.ldb", "a.idb")]
    said = subprocess.run(
        ["clamscan", "--debug", *databases, tmp_path / "a"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.findall("GROUP1:GROUP2:([0-9a-f]{124})", said.stderr) == [HASHES[name]]


def test_all_icons_of_the_first_group_are_seen_in_order() -> None:
    group = [drawn("flag16"), drawn("stairs32"), drawn("flag16")]
    expected = [HASHES["flag16"], HASHES["stairs32"], HASHES["flag16"]]
    assert looks(program(group, [drawn("stairs24")])) == expected


def test_a_hundred_icons_are_seen() -> None:
    small = bitmap(16, lambda _x, _y: (9, 9, 9))
    assert len(seen(program([small] * 101)).icons) == 100


def test_what_cannot_be_compared_is_passed_over() -> None:
    good = drawn("flag16")
    others = [
        bitmap(15, flag),  # too small
        bitmap(16, flag, height=23),  # not square enough
        bitmap(72, flag),  # halved to 18
        b"\x89PNG\r\n\x1a\n" + bytes(60),
        good[:14] + b"\7\0" + good[16:],  # seven bits
        b"",
    ]
    assert looks(program([*others, good])) == [HASHES["flag16"]]
    assert seen(program(others)) == Icons()


def test_sixteen_bits_are_told_to_be_unsupported() -> None:
    icon = drawn("flag16")
    deep = icon[:14] + struct.pack("<H", 16) + icon[16:]
    assert seen(program([deep])) == Icons((), Reason.UNSUPPORTED)


def test_more_points_than_can_be_looked_at_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(icons, "MOST_POINTS", 2 * 32**2 + 5)
    found = seen(program([drawn("flag32")] * 3))
    assert len(found.icons) == 2
    assert found.reasons is Reason.SIZE_LIMIT


def test_a_program_without_icons_has_none() -> None:
    assert seen(program()) == Icons()
    assert seen(program([])) == Icons()


@given(st.integers(0), st.integers(1, 255))
def test_a_changed_byte_in_resources_does_no_harm(at: int, change: int) -> None:
    data = bytearray(program([bitmap(16, stairs)]))
    data[0x400 + at % 300] ^= change
    try:
        found = seen(bytes(data))
    except Malformed:
        return
    assert found.reasons in {NONE, Reason.UNSUPPORTED}
    assert len(found.icons) <= 1
