"""Byte compare: a number in the part, near a match, against one or two values.

The number stands `offset` bytes from the start of the last match of a sub-signature
(`bodies`), and must lie whole within the part and not begin at its first byte
(clamscan 1.4.6 never finds one there). If there is no match, or the number cannot be
read, the comparison does not hold; what holds counts once. All comparisons must hold.
Numbers are signed and have 64 bits.

Form i, binary: 1, 2 or 4 bytes, unsigned, or 8 bytes, signed, in the given order.

Form d, decimal text; white space (9 to 13 and 32) in front is left out, then there may
be one `+` or `-`, then digits. It ends at the first byte that is none; without digits
it is 0. A number outside of 64 bits signed does not hold.

Form h, hexadecimal text, order b: the same with hexadecimal digits of either case; if
there is no sign, `0x` or `0X` may stand before digits. Order l: white space in front is
left out, then `0x` or `0X`; the rest is cut into pairs of characters, with a `0` in
front if there is an odd one; the first pair of which one is neither a hexadecimal digit
nor `x` nor `X`, and all behind it, become `00`; the pairs are put in reverse order, and
this is read as before (there is no white space).

Form a, either: at least 3 bytes must be left behind the white space. If they begin with
`0x` or `0X` it is form h, else form d, of which order l does not hold.

Exact: nothing was left out in front, and every character was part of the number. (In
order l what is read is counted; `0x` and an odd length therefore never are exact.)

The corner cases are clamscan's (`tests/native`).
"""

from dataclasses import dataclass

from clearward.native.layout import COMPARE, COMPARISON, MOST_OFFSET, MOST_TEXT
from clearward.native.paged import Data
from clearward.native.span import Span

SPACE = b"\t\n\v\f\r "
DECIMAL = b"0123456789"
HEXADECIMAL = b"0123456789ABCDEFabcdef"
TURNED = HEXADECIMAL + b"xX"
PREFIXES = (b"0x", b"0X")
LEAST_EITHER = 3
SIGNED_LENGTH = 8
BITS = 63


@dataclass(frozen=True, slots=True)
class Compare:
    """A byte compare as the image says it; see `layout` for its fields."""

    sub: int
    form: str
    little: bool
    exact: bool
    offset: int
    length: int
    tests: tuple[tuple[str, int], ...]


def read_compare(span: Span) -> Compare:
    """Read the payload of a byte compare, but for whether its sub is one.

    Raises:
        BadImage: it breaks the layout.
    """
    sub, form, order, exact, count, offset, length = span.fields(COMPARE)
    span.check(form in b"hdia", "form")
    span.check(order in b"lb", "order")
    span.check(exact <= 1, "exactness")
    span.check(count in {1, 2}, "number of comparisons")
    span.check(-MOST_OFFSET <= offset <= MOST_OFFSET, "offset")
    whole = length in {1, 2, 4, 8} if form == ord("i") else 1 <= length <= MOST_TEXT
    span.check(whole, "length")
    tests: list[tuple[str, int]] = []
    for _ in range(count):
        operator, value = span.fields(COMPARISON)
        span.check(operator in b"<>=", "operator")
        tests.append((chr(operator), value))
    span.done()
    little = order == ord("l")
    return Compare(sub, chr(form), little, bool(exact), offset, length, tuple(tests))


def holds(compare: Compare, data: Data, start: int) -> bool:
    """Say whether a number near `start` compares as it should."""
    place = start + compare.offset
    if place <= 0 or compare.length > len(data) - place:
        return False
    value = _read(compare, data[place : place + compare.length])
    return value is not None and all(
        compared(value, operator, other) for operator, other in compare.tests
    )


def compared(value: int, operator: str, other: int) -> bool:
    """Say whether value `<`, `>` or `=` other."""
    if operator == "=":
        return value == other
    return value < other if operator == "<" else value > other


def _read(compare: Compare, there: bytes) -> int | None:
    """Return the number in these bytes, None if there is none."""
    if compare.form == "i":
        signed = len(there) == SIGNED_LENGTH
        return int.from_bytes(
            there, "little" if compare.little else "big", signed=signed
        )
    text = stripped = there.lstrip(SPACE)
    if _hexadecimal(compare.form, text):
        if compare.little:
            text = _turned(text)
        value, read = _number(text, 16, HEXADECIMAL)
    elif compare.form == "a" and (compare.little or len(text) < LEAST_EITHER):
        return None
    else:
        value, read = _number(text, 10, DECIMAL)
    if compare.exact and not len(there) == len(stripped) == read:
        return None
    return value if -(1 << BITS) <= value < 1 << BITS else None


def _hexadecimal(form: str, text: bytes) -> bool:
    if form == "a":
        return len(text) >= LEAST_EITHER and text.startswith(PREFIXES)
    return form == "h"


def _turned(text: bytes) -> bytes:
    if text.startswith(PREFIXES):
        text = text[2:]
    if len(text) % 2:
        text = b"0" + text
    good = 0
    while good < len(text) and not text[good : good + 2].strip(TURNED):
        good += 2
    text = text[:good] + b"0" * (len(text) - good)
    return b"".join(text[at : at + 2] for at in range(len(text) - 2, -2, -2))


def _number(text: bytes, radix: int, digits: bytes) -> tuple[int, int]:
    """Return the number that text begins with, and how many characters it takes."""
    at = 0
    if text[:1] in {b"+", b"-"}:
        at = 1
    elif (
        digits is HEXADECIMAL
        and text.startswith(PREFIXES)
        and text[2:3]
        and text[2] in digits
    ):
        at = 2
    start = at
    while at < len(text) and text[at] in digits:
        at += 1
    value = int(text[start:at] or b"0", radix)
    return (-value if text[:1] == b"-" else value), at
