"""Workbooks of Excel 97 to 2003: are they encrypted, and Excel 4 macros as text.

Layout (MS-XLS 2.1.4), numbers little-endian: records, each

    2 bytes   type: 0x0809 a sheet begins; 0x0A it ends; 0x2F FilePass: what follows is
              encrypted; 0x06 formula; 0x18 defined name; 0x0207 string of a formula
    2 bytes   size
    content

A sheet that begins with version 0x0600 and kind 0x40 holds macros: each formula is a
line of the part "XLM". Defined names are lines as well, since one says what is run.
"""

from collections.abc import Iterator
from struct import Struct

from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.ole import excel_locked, formula

BEGIN, FILE_PASS, FORMULA, NAME = 0x0809, 0x2F, 0x06, 0x18
VERSION, MACROS = 0x0600, 0x40
FORMULA_FRONT = 22  # bytes before the tokens
NAME_FRONT = 15  # bytes before the name
BUILT_IN = 0x20
BUILT_IN_NAMES = {1: "Auto_Open", 2: "Auto_Close", 10: "Auto_Activate"}
AT_ONCE = 1 << 18  # bytes of records read together
HEADER = Struct("<HH")
KINDS = {BEGIN, FILE_PASS, FORMULA, NAME}


def workbook(book: Reader) -> Iterator[Item]:
    """Yield the macros as text; of an encrypted workbook itself, or a gap."""
    for kind, content in records(book):
        if kind == FILE_PASS:
            plain = excel_locked.opened(book, content)
            if plain is None:
                yield Gap(Reason.ENCRYPTED)
                return
            yield Part(plain, b"workbook", book.size)
            yield from workbook(plain)  # which has no such record any more
            return
        if kind == BEGIN and _is_macros(content):
            yield Part(Stream(_lines(book)), b"XLM")
            return


def records(book: Reader) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of each record that matters here."""
    at, start, data = 0, 0, b""
    while at + HEADER.size <= book.size:
        if at - start + HEADER.size + 0xFFFF > len(data):
            start, data = at, book.at(at, AT_ONCE)
            if len(data) < HEADER.size:
                return
        kind, size = HEADER.unpack_from(data, at - start)
        if kind in KINDS:
            place = at - start + HEADER.size
            yield kind, data[place : place + size]
        at += HEADER.size + size


def _lines(book: Reader) -> Iterator[bytes]:
    macros = False
    for kind, content in records(book):
        line = ""
        if kind == BEGIN:
            macros = _is_macros(content)
        elif kind == NAME:
            line = _name(content)
        elif kind == FORMULA and macros:
            line = _formula(content)
        if line:
            yield line.encode("utf-8", "replace") + b"\n"


def _is_macros(content: bytes) -> bool:
    version = int.from_bytes(content[:2], "little")
    return version == VERSION and int.from_bytes(content[2:4], "little") == MACROS


def _formula(content: bytes) -> str:
    if len(content) < FORMULA_FRONT:
        return ""
    row, column = HEADER.unpack_from(content)
    size = int.from_bytes(content[20:22], "little")
    tokens = content[FORMULA_FRONT : FORMULA_FRONT + size]
    return f"{formula.cell(row, column)}={formula.text(tokens)}"


def _name(content: bytes) -> str:
    if len(content) < NAME_FRONT:
        return ""
    flags = int.from_bytes(content[:2], "little")
    count, size = content[3], int.from_bytes(content[4:6], "little")
    wide = content[14] & 1
    end = NAME_FRONT + (count << wide)
    shown = formula.string(content[NAME_FRONT:end], wide=bool(wide))
    if flags & BUILT_IN and shown:
        shown = BUILT_IN_NAMES.get(ord(shown[0]), f"built-in {ord(shown[0])}")
    return f"{shown}={formula.text(content[end : end + size])}"
