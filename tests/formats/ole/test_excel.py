"""Behaviour of the reader of workbooks."""

from struct import pack

from hypothesis import given
from hypothesis import strategies as st
from support.excel import begin, record, text
from support.ole import compound
from support.parts import collect, gaps, named

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.ole import excel, formula
from clearward.formats.unpack import ole


def line(row: int, column: int, tokens: bytes) -> bytes:
    front = pack("<HHH", row, column, 0) + bytes(14) + pack("<H", len(tokens))
    return record(0x06, front + tokens)


def sheet(*tokens: bytes) -> bytes:
    lines = b"".join(line(row, 27, each) for row, each in enumerate(tokens))
    globals_ = begin(5) + record(0x0A, b"")
    return globals_ + begin(0x40) + lines + record(0x0A, b"")


EXEC = text(b"calc") + text(b".exe") + b"\x08" + b"\x42\x01" + pack("<H", 110)
CHARS = b"\x1e\x41\x00\x41\x6f\x00" + text(b"B") + b"\x08"


def test_formulas_of_macros_are_listed_with_strings_joined() -> None:
    book = sheet(EXEC, CHARS, b"\x44" + pack("<HH", 4, 1))
    found = named(excel.workbook(Reader.of(book)))
    assert found == [(b"XLM", b'AB1=EXEC("calc.exe")\nAB2="AB"\nAB3=B5\n')]


def test_names_that_run_by_themselves_are_listed() -> None:
    tokens = b"\x44" + pack("<HH", 0, 0)
    name = pack("<HBBH", 0x20, 0, 1, len(tokens)) + bytes(9) + b"\x01" + tokens
    book = begin(5) + record(0x18, name) + begin(0x40)
    assert named(excel.workbook(Reader.of(book))) == [(b"XLM", b"Auto_Open=A1\n")]


def test_ordinary_sheets_give_nothing() -> None:
    book = begin(5) + begin(0x10) + line(0, 0, EXEC)
    assert collect(excel.workbook(Reader.of(book))) == ([], [], "")


def test_an_encrypted_workbook_says_so() -> None:
    book = begin(5) + record(0x2F, bytes(6)) + b"\xff" * 50
    data = compound({"Workbook": book})
    assert gaps(ole.unpack(Reader.of(data))) == [Reason.ENCRYPTED]


def test_records_longer_than_what_is_read_at_once_are_passed() -> None:
    book = begin(5) + record(0x3C, bytes(0xFFFF)) * 6 + sheet(EXEC)
    assert b"calc.exe" in named(excel.workbook(Reader.of(book)))[0][1]


def test_columns_are_named_as_excel_does() -> None:
    columns = (0, 25, 26, 255)
    assert [formula.cell(0, each) for each in columns] == ["A1", "Z1", "AA1", "IV1"]


@given(st.binary(max_size=300))
def test_arbitrary_tokens_are_text(tokens: bytes) -> None:
    assert isinstance(formula.text(tokens), str)
    collect(excel.workbook(Reader.of(sheet(tokens))))


@given(st.binary(max_size=500))
def test_arbitrary_records_are_read(data: bytes) -> None:
    collect(excel.workbook(Reader.of(begin(0x40) + data)))


def test_operands_that_nest_to_the_right_take_no_longer() -> None:
    tokens = b"\x1e\x01\x00" * 15_000 + b"\x03" * 14_999
    assert formula.text(tokens).count("+") == 14_999
