"""Behaviour of the reader of sheets of Excel 4 macros in new workbooks."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.reader import CHUNK, Reader
from clearward.formats import closed_office
from clearward.formats.unpack import macrosheet

SHEET = (
    '<?xml version="1.0"?><xm:macrosheet xmlns:xm="y"><sheetData><row r="1">{}</row>'
    "</sheetData></xm:macrosheet>"
)
EXEC = '<c r="A1"><f>EXEC("cal"&amp;CHAR(99)&amp;"x")</f><v>0</v></c>'


def lines(data: bytes) -> list[str]:
    (text,) = contents(macrosheet.unpack(Reader.of(data)))
    return text.decode().splitlines()


def known(data: bytes) -> bool:
    return closed_office.macro_sheet(data[: 1 << 16], Reader.of(data))


def number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes((value & 0x7F | 0x80,))
        value >>= 7
    return out + bytes((value,))


def record(kind: int, content: bytes) -> bytes:
    return number(kind) + number(len(content)) + content


def text(value: str) -> bytes:
    return pack("<BH", 0x17, len(value)) + value.encode("utf-16-le")


def call(function: int, count: int = 1) -> bytes:
    return pack("<BBH", 0x42, count, function)


def cell(kind: int, value: bytes, tokens: bytes, column: int = 0) -> bytes:
    front = pack("<II", column, 0) + value + pack("<HI", 0, len(tokens))
    return record(kind, front + tokens + pack("<I", 0))


def sheet(*records: bytes) -> bytes:
    return record(129, b"") + record(0, pack("<I", 6) + bytes(13)) + b"".join(records)


BINARY = sheet(
    cell(8, pack("<I", 2) + "ab".encode("utf-16-le"), text("a") + call(110)),
    cell(9, bytes(8), text("cmd") + text(" /c") + b"\x08" + call(110), column=1),
    cell(10, b"\1", b"\x44" + pack("<IH", 9, 0xC001) + call(150)),
    cell(11, b"\x17", b"\x25" + pack("<IIHH", 0, 2, 0, 0x3FFF) + call(149)),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16"])
def test_formulas_in_xml_are_lines_with_strings_joined(encoding: str) -> None:
    data = SHEET.format(EXEC).encode(encoding)
    assert known(data)
    assert lines(data) == ['A1=EXEC("calcx")']


def test_formulas_in_character_data_are_lines() -> None:
    text = "<c r='B2'><f><![CDATA[EXEC(\"a&b\")]]></f></c>"
    assert lines(SHEET.format(text).encode()) == ['B2=EXEC("a&b")]]>']


def test_formulas_in_records_are_lines_with_strings_joined() -> None:
    assert known(BINARY)
    assert lines(BINARY) == [
        'A7=EXEC("a")',
        'B7=EXEC("cmd /c")',
        "A7=CALL(B10)",
        "A7=REGISTER(A1:XFD3)",
    ]


def test_sheets_of_numbers_are_none() -> None:
    assert not known(SHEET.replace("macrosheet", "worksheet").format(EXEC).encode())
    assert not known(sheet(cell(9, bytes(8), b"\x44" + bytes(6) + call(4))))
    assert not known(sheet())


def test_what_the_end_of_a_chunk_cuts_is_shown_once() -> None:
    for cut in range(0, len(EXEC) + 40, 3):
        filler = "x" * (CHUNK - len(SHEET) - cut)
        data = SHEET.format(f"<!--{filler}-->{EXEC}{EXEC}").encode()
        assert lines(data) == ['A1=EXEC("calcx")'] * 2


def test_a_record_behind_the_end_is_said_and_the_rest_is_shown() -> None:
    assert collect(macrosheet.unpack(Reader.of(BINARY + b"\x08\x7f")))[2] == "record"


@given(st.binary(max_size=200), st.sampled_from([b"<", b"\x81\x01\x00", BINARY]))
def test_any_bytes_are_read_or_refused(data: bytes, front: bytes) -> None:
    known(front + data)
    collect(macrosheet.unpack(Reader.of(front + data)))
