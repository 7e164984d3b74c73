"""The constants of a pattern: from words to values, and back.

Source: STIX 2.1, section 9.4.
"""

import re
from base64 import b64decode
from math import isinf

from clearward.core.errors import Malformed
from clearward.intel.pattern.tokens import FORMAT, Token, quoted, unquoted
from clearward.intel.pattern.tree import Literal, Moment

ORDERED = frozenset({"string", "integer", "float", "hex", "base64", "time"})
ALL = ORDERED | {"true", "false"}
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,18})")
_MOST = 1 << 63  # section 9.4: 64 bits with a sign
_EXACT = 1 << 53  # below it every integer is a number of its own in double precision


def literal(token: Token) -> Literal:
    """Return the value of a constant.

    Raises:
        Malformed: it is an integer of more than 64 bits, or with leading zeros, or too
            large for a float.
    """
    text = token.text
    match token.kind:
        case "string":
            return unquoted(text)
        case "integer":
            return integer(token)
        case "float":
            return _float(token)
        case "hex" | "base64":
            inner = text[2:-1]
            return bytes.fromhex(inner) if token.kind == "hex" else b64decode(inner)
        case "time":
            return moment_of(text[2:-1])
        case _:
            return text == "true"


def integer(token: Token) -> int:
    """Return the value of an integer.

    Raises:
        Malformed: it has more than 64 bits, or leading zeros.
    """
    value = int(token.text) if _INTEGER.fullmatch(token.text) else _MOST
    if not -_MOST <= value < _MOST:
        raise Malformed(FORMAT, token.offset, "integer")
    return value


def _float(token: Token) -> float:
    value = float(token.text)
    if isinf(value):
        raise Malformed(FORMAT, token.offset, "float")
    return value


def written(value: Literal) -> str:
    """Write a constant so that equal ones are written in the same way."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return f"t'{value.text}'"
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    return number(value)


def number(value: float) -> str:
    """Write a number: a whole one without a point, and none with an exponent."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = f"{value:.1100f}" if "e" in repr(value) else repr(value)
    return text.rstrip("0") + ("0" if text.rstrip("0").endswith(".") else "")


def moment_of(text: str) -> Moment:
    """Return a time; zeros at the end of its fraction are left out."""
    whole, point, fraction = text[:-1].partition(".")
    fraction = fraction.rstrip("0")
    return Moment(f"{whole}{point}{fraction}Z" if fraction else f"{whole}Z")
