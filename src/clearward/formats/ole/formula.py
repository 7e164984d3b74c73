"""Formulas of Excel as text: enough of them for rules to see names and strings.

Layout of a formula (MS-XLS 2.5.198, MS-XLSB 2.5.97): tokens in the order of a stack
machine, operands in front of what uses them. A token is a byte and fields of a length
that it tells; some are longer in binary workbooks of 2007 and later ("long"). What
cannot be read ends the formula; what came before is shown.

Strings that are joined are shown joined, CHAR of a number as the character.
"""

from collections import deque
from struct import unpack_from

OPERATORS = dict(
    zip(
        range(0x03, 0x12),
        ("+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"),
        strict=True,
    )
)
CONCAT = 0x08
UNARY = {0x12: "+", 0x13: "-", 0x14: "%"}
PAREN, MISSING, STRING, ATTRIBUTE = 0x15, 0x16, 0x17, 0x19
ERROR, BOOLEAN, INTEGER, NUMBER = 0x1C, 0x1D, 0x1E, 0x1F
FUNCTION, VARIABLE = 0x21, 0x22
NAME, REFERENCE, AREA = 0x23, 0x24, 0x25
FIXED = {  # bytes of fields
    0x01: 4, 0x02: 4, ERROR: 1, BOOLEAN: 1, INTEGER: 2, NUMBER: 8, 0x20: 7, FUNCTION: 2,
    VARIABLE: 3, NAME: 4, REFERENCE: 4, AREA: 8, 0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2,
    0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8, 0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10,
}  # fmt: skip
LONG = FIXED | {
    NAME: 4, REFERENCE: 6, AREA: 12, 0x20: 14, 0x2A: 6, 0x2B: 12, 0x2C: 6, 0x2D: 12,
    0x39: 6, 0x3A: 8, 0x3B: 14, 0x3C: 8, 0x3D: 14,
}  # fmt: skip
SILENT = (0x26, 0x27, 0x28, 0x29)  # stand in front of an operand
CHOOSE = 4  # flag of an attribute: a table follows
CHAR = 111
USER = 255
LETTERS = 26

# What macros are noticed by (2.5.198.17); any other is shown by its number.
FUNCTIONS = {
    0: "COUNT", 1: "IF", 4: "SUM", 31: "MID", 32: "LEN", 53: "GOTO", 54: "HALT",
    55: "RETURN", 63: "RAND", 74: "NOW", 78: "OFFSET", 88: "SET.NAME", 96: "FORMULA",
    110: "EXEC", 111: "CHAR", 115: "LEFT", 116: "RIGHT", 119: "REPLACE",
    120: "SUBSTITUTE", 121: "CODE", 124: "FIND", 132: "FOPEN", 133: "FCLOSE",
    134: "FSIZE", 135: "FREADLN", 136: "FREAD", 137: "FWRITELN", 138: "FWRITE",
    148: "INDIRECT", 149: "REGISTER", 150: "CALL", 185: "GET.CELL",
    186: "GET.WORKSPACE", 188: "GET.DOCUMENT", 336: "CONCATENATE",
}  # fmt: skip
ARGUMENTS = {31: 3, 63: 0, 74: 0, 119: 4}  # of functions with a fixed count, if not 1

Operand = deque[str]


def cell(row: int, column: int) -> str:
    """Return the name of a cell, both counted from 0."""
    letters = ""
    column = (column & 0x3FFF) + 1
    while column:
        column, digit = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1}"


def text(tokens: bytes, *, long: bool = False) -> str:
    """Return a formula as text, as far as it can be read.

    Args:
        tokens: of the formula.
        long: they are as in binary workbooks of 2007 and later.
    """
    stack: list[Operand] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token > PAREN and token & 0x60:
            token = token & 0x1F | 0x20
        at += 1
        size = _size(token, tokens, at, long=long)
        fields = tokens[at : at + size]
        if size < 0 or len(fields) < size:
            break
        at += size
        _apply(stack, token, fields, long=long)
    return "; ".join("".join(each) for each in stack)


def _size(token: int, tokens: bytes, at: int, *, long: bool) -> int:
    """Return the bytes of a token's fields, -1 if they are not known."""
    if token == STRING and long:
        return 2 + 2 * int.from_bytes(tokens[at : at + 2], "little")
    if token == STRING:
        count = tokens[at] if at < len(tokens) else 0
        wide = tokens[at + 1] & 1 if at + 1 < len(tokens) else 0
        return 2 + (count << wide)
    if token == ATTRIBUTE:
        count = 0
        if at + 3 <= len(tokens) and tokens[at] & CHOOSE:
            count = int.from_bytes(tokens[at + 1 : at + 3], "little") + 1
        return 3 + 2 * count
    known = LONG if long else FIXED
    if token <= MISSING:
        return known.get(token, 0)
    return known.get(token, -1)


def _apply(stack: list[Operand], token: int, fields: bytes, *, long: bool) -> None:
    if token in OPERATORS:
        right, left = _pop(stack), _pop(stack)
        stack.append(_joined(left, right, token))
    elif token in UNARY:
        operand = _pop(stack)
        operand.appendleft(UNARY[token])
        stack.append(operand)
    elif token == PAREN:
        stack.append(_merged(_merged(deque("("), _pop(stack)), deque(")")))
    elif token in (FUNCTION, VARIABLE):
        _call(stack, token, fields)
    elif token != ATTRIBUTE and token not in SILENT:
        stack.append(deque((_operand(token, fields, long=long),)))


def _joined(left: Operand, right: Operand, token: int) -> Operand:
    plain = len(left) == len(right) == 1 and left[0][:1] == right[0][:1] == '"'
    if token == CONCAT and plain:
        return deque((left[0][:-1] + right[0][1:],))
    left.append(OPERATORS[token])
    return _merged(left, right)


def _merged(left: Operand, right: Operand) -> Operand:
    """Join two, moving the shorter: however they nest, the work stays small."""
    if len(left) < len(right):
        right.extendleft(reversed(left))
        return right
    left.extend(right)
    return left


def _call(stack: list[Operand], token: int, fields: bytes) -> None:
    number = int.from_bytes(fields[-2:], "little") & 0x7FFF
    count = fields[0] & 0x7F if token == VARIABLE else ARGUMENTS.get(number, 1)
    given = [_pop(stack) for _ in range(min(count, len(stack)))][::-1]
    if number == CHAR and len(given) == 1 and given[0][0].isdecimal():
        stack.append(deque((f'"{chr(min(int(given[0][0]), 255))}"',)))
        return
    name = FUNCTIONS.get(number, f"F{number}")
    if number == USER and given:
        name = "".join(given.pop(0))
    called = deque((name, "("))
    for place, each in enumerate(given):
        if place:
            called.append(",")
        called = _merged(called, each)
    called.append(")")
    stack.append(called)


def _pop(stack: list[Operand]) -> Operand:
    return stack.pop() if stack else deque("?")


def _operand(token: int, fields: bytes, *, long: bool) -> str:
    if token == STRING and long:
        return '"' + string(fields[2:], wide=True) + '"'
    if token == STRING:
        return '"' + string(fields[2:], wide=fields[1] & 1 == 1) + '"'
    if token in (INTEGER, BOOLEAN):
        return str(int.from_bytes(fields, "little"))
    if token == NUMBER:
        return repr(unpack_from("<d", fields)[0])
    return _place(token, fields, long=long)


def _place(token: int, fields: bytes, *, long: bool) -> str:
    if token == REFERENCE:
        return cell(*unpack_from("<IH" if long else "<HH", fields))
    if token == AREA:
        layout = "<IIHH" if long else "<HHHH"
        first, last, left, right = unpack_from(layout, fields)
        return f"{cell(first, left)}:{cell(last, right)}"
    return (
        ""
        if token == MISSING
        else f"t{token:02x}.{int.from_bytes(fields[:2], 'little')}"
    )


def string(data: bytes, *, wide: bool) -> str:
    """Return the characters of a string, of 16 bits each or of 8."""
    return data.decode("utf-16-le", "replace") if wide else data.decode("latin-1")
