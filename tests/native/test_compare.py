"""Byte compares: how numbers are read, and from where."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import image
from support.clamscan import BINARY, Ask

from clearward.native.compare import Compare, holds, read_compare
from clearward.native.layout import SUB
from clearward.native.span import Span


def made(
    form: str,
    length: int,
    *tests: tuple[str, int],
    exact: bool = False,
    offset: int = 0,
) -> Compare:
    code = image.compare(0, offset, form, length, *tests, exact=exact)
    return read_compare(Span(memoryview(code)[SUB.size :], "a compare"))


def value(form: str, text: bytes, *, exact: bool = False) -> int | None:
    """The number that a compare reads from a text, by halving."""
    low, high = -(1 << 63), (1 << 63) - 1
    data = b"." + text
    if not holds(made(form, len(text), (">", low - 0), exact=exact), data, 1) and not (
        holds(made(form, len(text), ("=", low), exact=exact), data, 1)
    ):
        return None
    while low < high:
        middle = (low + high) // 2
        if holds(made(form, len(text), (">", middle), exact=exact), data, 1):
            low = middle + 1
        else:
            high = middle
    return low


@pytest.mark.parametrize(
    ("form", "data", "expected"),
    [
        ("ib", b"\xff", 255),
        ("il", b"\x01\x02", 0x0201),
        ("ib", b"\x01\x02", 0x0102),
        ("il", b"\xff\xff\xff\xff", 0xFFFFFFFF),
        ("il", b"\xff" * 8, -1),
        ("ib", b"\x80" + bytes(7), -(1 << 63)),
        ("d", b"0012", 12),
        ("d", b"  12", 12),
        ("d", b"-12x", -12),
        ("d", b"+12x", 12),
        ("d", b"xxxx", 0),
        ("d", b"1 2 ", 1),
        ("d", b"0x12", 0),
        ("d", b"9223372036854775807", (1 << 63) - 1),
        ("d", b"9223372036854775808", None),
        ("hb", b"1f", 0x1F),
        ("hb", b"0x1F", 0x1F),
        ("hb", b"-012", -0x12),
        ("hb", b"-0x1", 0),
        ("hb", b"0xzz", 0),
        ("hb", b"ffffffffffffffff", None),
        ("hl", b"1234", 0x3412),
        ("hl", b"123", 0x2301),
        ("hl", b"12zz", 0x12),
        ("hl", b"zz12", 0),
        ("hl", b"x012", 0x12),
        ("hl", b"0x12", 0x12),
        ("hl", b" 0x1", 1),
        ("ab", b"0x12", 0x12),
        ("ab", b"12zz", 12),
        ("ab", b"12", None),
        ("al", b"0x1234", 0x3412),
        ("al", b"1234", None),
    ],
)
def test_a_number_is_read_by_its_form(
    form: str, data: bytes, expected: int | None
) -> None:
    assert value(form, data) == expected


@pytest.mark.parametrize(
    ("form", "data", "exact"),
    [
        ("d", b"012", True),
        ("d", b"-12", True),
        ("d", b" 12", False),
        ("d", b"12x", False),
        ("hb", b"0x12", True),
        ("hb", b"0x1z", False),
        ("hl", b"1234", True),
        ("hl", b"12zz", True),  # what is no digit became 00
        ("hl", b"0x12", False),
        ("hl", b"123", False),
        ("ab", b"0x12", True),
        ("ab", b"0x1z", False),
    ],
)
def test_an_exact_number_takes_all_its_bytes(
    form: str, data: bytes, *, exact: bool
) -> None:
    assert (value(form, data, exact=True) is not None) is exact


def test_a_number_lies_whole_in_the_part_and_behind_its_first_byte() -> None:
    data = b"123456"
    for start in range(-2, 9):
        found = holds(made("d", 2, (">", 0)), data, start)
        assert found is (1 <= start <= 4)
    assert holds(made("d", 2, ("=", 23), offset=-3), data, 4)
    assert holds(made("d", 2, ("=", 56), offset=3), data, 1)


def test_both_comparisons_hold() -> None:
    between = made("ib", 1, (">", 10), ("<", 20))
    assert [holds(between, bytes([0, one]), 1) for one in (10, 11, 19, 20)] == [
        *(False, True, True, False)
    ]


TEXTS = [
    *(b"0x12", b"  12", b"+012", b"-012", b"1zzz", b"1 2 ", b"12  ", b"123z", b"1234"),
    *(
        b"0012",
        b"0X12",
        b"x012",
        b"12x1",
        b"\t\n12",
        b"abcz",
        b" 0x1",
        b"-0x1",
        b"0x-1",
    ),
    *(
        b"0xzz",
        b"zzzz",
        b"    ",
        b"\x0b12z",
        b"X012",
        b"01X2",
        b"0+12",
        b"z012",
        b"12 3",
    ),
]
# clamscan reads a decimal number of form a, order b wrongly behind white space.
DIFFERS = {("ab", b"\x0b12z")}


def test_clamscan_reads_the_same_numbers(ask: Ask) -> None:
    forms = ["hb", "hl", "d", "ab", "al"]
    values = [-18, -12, -1, 0, 1, 2, 10, 12, 18, 0xAB, 0xABC, 123, 0x123, 1234, 0x1234]
    values += [0x3412, 0x1200, 0x120, 0x2301]
    kinds = list(itertools.product(forms, (False, True)))
    lines = [
        f"T{at}x{number};Engine:51-255,Target:0;0&1;edee;"
        f"0(>>2#{form[0]}{form[1:]}{'e' * exact}4#={number})"
        for at, (form, exact) in enumerate(kinds)
        for number in values
    ]
    found = ask(lines, [BINARY + b"\xed\xee" + text + b"~~~~" for text in TEXTS], "ldb")
    for names, text in zip(found, TEXTS, strict=True):
        for at, (form, exact) in enumerate(kinds):
            if (form, text) in DIFFERS:
                continue
            expected = {
                f"T{at}x{number}"
                for number in values
                if value(form, text, exact=exact) == number
            }
            said = {name for name in names if name.startswith(f"T{at}x")}
            assert said == expected, (form, exact, text)


@given(
    st.sampled_from(["hb", "hl", "d", "ab", "al"]),
    st.binary(max_size=24).map(lambda b: b or b"1"),
)
def test_any_bytes_are_a_number_or_none(form: str, text: bytes) -> None:
    value(form, text)
    value(form, text, exact=True)
