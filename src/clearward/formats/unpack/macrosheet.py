"""Unpack sheets of Excel 4 macros in new workbooks: their formulas, a line each.

    xl/macrosheets/sheet1.xml   <c r="A1"><f>EXEC(&quot;calc&quot;)</f>...
    xl/macrosheets/sheet1.bin   records (MS-XLSB 2.1.4), numbers little-endian:

        1, 2 bytes  type, 7 bits a byte, the lower first: 0 a row begins; 8 to 11 a cell
                    with a formula whose value is a string, number, truth or error
        1-4 bytes   size, likewise
        content     of a row: its number (4); of a cell: column (4), style (4), value,
                    flags (2), size of the tokens (4), tokens (2.5.97)

Strings that are joined are shown joined, CHAR of a number as the character, as
`ole.excel` shows those of old workbooks. The XML is not parsed: no entity is expanded
but those of a single character.
"""

import re
from collections.abc import Iterator

from clearward.core.errors import Truncated
from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import Cursor, Reader, Stream
from clearward.formats.narrow import narrow
from clearward.formats.normalise import entities
from clearward.formats.ole import formula

NAME = "macrosheet"
BINARY = b"\x81"
LONGEST = 64 * 1024  # bytes of a formula in XML
MOST_TOKENS = 1 * MIB  # of one in a record

ROW, STRING, NUMBER, TRUTH, ERROR = 0, 8, 9, 10, 11
VALUES = {NUMBER: 8, TRUTH: 1, ERROR: 1}  # bytes
CELL, FLAGS, SIZE = 8, 2, 4

_FORMULA = re.compile(
    rb"(?:<(?:[\w.-]{1,40}:)?c\s[^<>]{0,300}?\br\s*=\s*[\"']([A-Za-z0-9]{1,12})[\"']"
    rb"[^<>]{0,300}>\s{0,20})?<(?:[\w.-]{1,40}:)?f(?:\s[^<>]{0,300})?>"
    rb"(?:\s{0,20}<!\[CDATA\[)?([^<]{1,65536})"
)
_CHAR = re.compile(rb"\b_?CHAR\(\s?(\d{1,3})\s?\)", re.IGNORECASE)
_JOIN = re.compile(rb"\"\s{0,8}&\s{0,8}\"")


def unpack(sheet: Reader) -> Iterator[Item]:
    """Yield the formulas as one part.

    Raises:
        Truncated: while the part is read: a record ends behind the sheet.
    """
    binary = sheet.at(0, 1) == BINARY
    lines = _binary(sheet) if binary else _markup(sheet)
    yield Part(Stream(lines), b"XLM", packed=sheet.size)


def _markup(sheet: Reader) -> Iterator[bytes]:
    before = b""
    for chunk in sheet.chunks():
        text = before + narrow(chunk)
        end = 0
        for found in _FORMULA.finditer(text):
            # What the end of the chunk cuts comes again, with what follows it.
            if found.end() < len(text):
                end = found.end()
                yield _line(found[1] or b"", found[2])
        before = text[max(end, len(text) - LONGEST) :]
    for found in _FORMULA.finditer(before):
        if found.end() == len(before):
            yield _line(found[1] or b"", found[2])


def _line(cell: bytes, content: bytes) -> bytes:
    shown = _CHAR.sub(_character, entities.decode(content))
    return cell + b"=" + _JOIN.sub(b"", shown) + b"\n"


def _character(found: re.Match[bytes]) -> bytes:
    return b'"%c"' % min(int(found[1]), 255)


def _binary(sheet: Reader) -> Iterator[bytes]:
    records = Cursor(sheet)
    row = 0
    while (kind := _number(records, 2)) is not None:
        size = _number(records, 4) or 0
        start = records.offset
        if kind == ROW:
            row = int.from_bytes(sheet.at(start, 4), "little")
        elif STRING <= kind <= ERROR:
            shown = _formula(sheet.slice(start, min(size, sheet.size - start)), kind)
            column = int.from_bytes(sheet.at(start, 4), "little")
            if shown:
                yield f"{formula.cell(row, column)}={shown}\n".encode(
                    "utf-8", "replace"
                )
        if records.skip(size) < size:
            raise Truncated(NAME, sheet.size, "record")


def _number(records: Cursor, most: int) -> int | None:
    """Return a number of 7 bits a byte, None at the end."""
    value = 0
    for shift in range(most):
        byte = records.take(1)
        if not byte:
            return None
        value |= (byte[0] & 0x7F) << 7 * shift
        if byte[0] < 0x80:  # noqa: PLR2004 - the bit that says that another follows
            break
    return value


def _formula(cell: Reader, kind: int) -> str:
    place = CELL + VALUES.get(kind, 4)
    if kind == STRING:
        place += 2 * int.from_bytes(cell.at(CELL, 4), "little")
    place += FLAGS
    size = int.from_bytes(cell.at(place, SIZE), "little")
    return formula.text(cell.at(place + SIZE, min(size, MOST_TOKENS)), long=True)
