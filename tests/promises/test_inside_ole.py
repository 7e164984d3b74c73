"""What lies inside compound files is looked at, and named: claims, each with a file."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.inside import MARK, cabinet, seen, zipped
from support.ole import compound, packaged

from clearward.core.reasons import Reason

TEXT = MARK * 2
ATTACHED = "__attach_version1.0_#00000000/"
VALUE = "__substg1.0_37010102"
MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def packed_name(name: str) -> str:
    """A name as an installer packs it, two characters into one (see `directory`)."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
    numbers = [letters.index(letter) for letter in name]
    pairs = zip(numbers[::2], numbers[1::2], strict=False)
    packed = [chr(0x3800 + low + (high << 6)) for low, high in pairs]
    if len(numbers) % 2:
        packed.append(chr(0x4800 + numbers[-1]))
    return "".join(packed)


ZIPPED = zipped({"b.js": TEXT})
PACKED = packaged(b"a.zip", ZIPPED)
PDF = b"%PDF-1.4\n1 0 obj<</Filter/Fl>>stream\n" + zlib.compress(TEXT)
ENCODED = b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(TEXT)
EMBEDDED = ATTACHED + "__substg1.0_3701000D/"


@pytest.mark.parametrize(
    ("path", "content", "way"),
    [
        pytest.param("_1/Equation Native", bytes(28) + TEXT, "", id="Equation 3.0"),
        pytest.param("_1/\x02OlePres000", bytes(40) + TEXT, "", id="its picture"),
        pytest.param("_1/Package", ZIPPED, "b.js", id="workbook in a document"),
        pytest.param("_1/CONTENTS", PDF, "object 1", id="PDF in a document"),
        pytest.param(ATTACHED + VALUE, ZIPPED, "b.js", id="attached"),
        pytest.param(ATTACHED + VALUE, MAIL + ENCODED, "", id="mail attached"),
        pytest.param(EMBEDDED + "__substg1.0_1000001E", MARK, "", id="message"),
        pytest.param(EMBEDDED + ATTACHED + VALUE, ZIPPED, "b.js", id="in a message"),
        pytest.param(EMBEDDED + "CONTENTS", PDF, "object 1", id="OLE attached"),
        pytest.param("#patch/PCW_CAB_a", cabinet(b"a.exe", TEXT), "a.exe", id="MSP"),
    ],
)
def test_what_a_stream_holds_has_its_way(path: str, content: bytes, way: str) -> None:
    told = seen(compound({path: content}))
    nested = " > " if way or content.startswith(MAIL) else ""
    assert path + nested + way in told.ways
    assert not told.reasons


@pytest.mark.parametrize("above", ["ObjectPool/_1/", EMBEDDED])
def test_what_was_packaged_is_named_as_its_file(above: str) -> None:
    told = seen(compound({above + "\x01Ole10Native": PACKED}))
    assert "C:\\a\\a.zip > b.js" in told.ways
    assert not told.reasons


def test_a_package_that_is_cut_short_says_so() -> None:
    cut = packaged(b"a.txt", MARK * 3)[: -len(MARK)]
    told = seen(compound({"\x01Ole10Native": cut}))
    assert "C:\\a\\a.txt" in told.ways
    assert told.unread == {"C:\\a\\a.txt": Reason.TRUNCATED}


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("Binary.custom", ZIPPED, "b.js"),
        ("media1.cab", cabinet(b"a.exe", TEXT), "a.exe"),
        ("Icon.x", ZIPPED, "b.js"),
    ],
)
@pytest.mark.parametrize("above", ["", "transform/", "#patch/"])
def test_tables_of_installers_are_named(
    above: str, name: str, content: bytes, way: str
) -> None:
    told = seen(compound({above + packed_name(name): content}))
    assert f"{above}{name} > {way}" in told.ways
    assert not told.reasons


@pytest.mark.parametrize("above", ["", EMBEDDED])
@pytest.mark.parametrize("size", [len(ZIPPED), 5000])
def test_what_is_attached_is_named_as_its_file(above: str, size: int) -> None:
    names = {
        "__substg1.0_3001001E": b"shown",
        "__substg1.0_3704001F": "INVOIC~1.ZIP".encode("utf-16-le"),
        "__substg1.0_3707001F": "invoice ü.zip".encode("utf-16-le"),
    }
    content = bytes(size - len(ZIPPED)) + ZIPPED
    tree = {above + ATTACHED + VALUE: content}
    tree |= {above + ATTACHED + name: value for name, value in names.items()}
    assert f"{above}invoice ü.zip > b.js" in seen(compound(tree)).ways
    del tree[above + ATTACHED + "__substg1.0_3707001F"]
    assert f"{above}INVOIC~1.ZIP > b.js" in seen(compound(tree)).ways
    del tree[above + ATTACHED + "__substg1.0_3704001F"]
    assert f"{above}shown > b.js" in seen(compound(tree)).ways


@given(st.binary(max_size=40), st.sampled_from(["001E", "001F", "0102"]))
def test_any_name_of_what_is_attached_is_taken(name: bytes, kind: str) -> None:
    tree = {ATTACHED + VALUE: TEXT, ATTACHED + "__substg1.0_3707" + kind: name}
    assert len(seen(compound(tree)).ways) >= 1
