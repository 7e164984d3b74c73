"""Conditions on a part."""

import io
import tarfile
import zipfile

import pytest
from support.clamscan import BINARY, Ask
from support.image import demand

from clearward.core.facts import Facts
from clearward.native.conditions import met, read_demands
from clearward.native.errors import BadImage
from clearward.native.layout import Condition
from clearward.native.span import Span
from clearward.native.types import Types, read_types

TYPES = read_types(memoryview(b"CL_TYPE_ZIP\nCL_TYPE_POSIX_TAR\n"), 2)
ZIP, TAR, OTHER = "CL_TYPE_ZIP", "CL_TYPE_POSIX_TAR", "CL_TYPE_7Z"
NUMBERS = {ZIP: 1, TAR: 2, "CL_TYPE_ANY": 0}


def holds(one: bytes, facts: Facts) -> bool:
    span = Span(memoryview(one + b"\0"), "a program")
    return met(read_demands(span, 99, 2), facts, TYPES, facts.size)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (demand(Condition.FILE_SIZE, 5, 5), True),
        (demand(Condition.FILE_SIZE, 6, 9), False),
        (demand(Condition.FILE_SIZE, 1, 4), False),
        (demand(Condition.FILE_SIZE, 9, 1), False),
        (demand(Condition.ENTRY_POINT, 2, 3), True),
        (demand(Condition.ENTRY_POINT, 3, 4), False),
        (demand(Condition.SECTIONS, 1, 1), True),
        (demand(Condition.SECTIONS, 2, 9), False),
        (demand(Condition.ICONS, 1 << 32), True),
        (demand(Condition.FILE_SIZE, 5, 5) + demand(Condition.SECTIONS, 2, 9), False),
    ],
)
def test_a_condition_is_about_facts(one: bytes, *, expected: bool) -> None:
    assert holds(one, Facts(5, entry=2, sections=((1, 1),))) is expected


def test_an_entry_point_that_is_not_known_is_in_no_range() -> None:
    assert not holds(demand(Condition.ENTRY_POINT, 0, 2**64 - 1), Facts(5))


@pytest.mark.parametrize(
    ("kind", "values", "around", "expected"),
    [
        (Condition.CONTAINER, [1], [ZIP], True),
        (Condition.CONTAINER, [1], [ZIP, TAR], False),
        (Condition.CONTAINER, [0], [], True),
        (Condition.CONTAINER, [0], [ZIP], False),
        (Condition.CONTAINER, [0], [OTHER], False),
        (Condition.INTERMEDIATES, [1, 2], [ZIP, TAR], True),
        (Condition.INTERMEDIATES, [2, 1], [ZIP, TAR], False),
        (Condition.INTERMEDIATES, [2], [ZIP, TAR], True),
        (Condition.INTERMEDIATES, [0, 2], [ZIP, TAR], True),
        (Condition.INTERMEDIATES, [0, 2], [OTHER, TAR], True),
        (Condition.INTERMEDIATES, [1, 2], [OTHER, TAR], False),
        (Condition.INTERMEDIATES, [0, 2], [TAR], False),
        (Condition.INTERMEDIATES, [0], [], False),
    ],
)
def test_types_are_those_of_the_innermost_containers(
    kind: Condition, values: list[int], around: list[str], *, expected: bool
) -> None:
    container = around[-1] if around else ""
    facts = Facts(5, container=container, intermediates=tuple(around))
    assert holds(demand(kind, *values), facts) is expected


@pytest.mark.parametrize(
    "one",
    [
        demand(Condition.FILE_SIZE, 1),
        demand(Condition.FILE_SIZE, 1, 2, 3),
        demand(Condition.CONTAINER),
        demand(Condition.CONTAINER, 3),
        demand(Condition.INTERMEDIATES),
        demand(Condition.INTERMEDIATES, 1, 3),
        demand(Condition.INTERMEDIATES, *[1] * 17),
        demand(Condition.ICONS),
        demand(Condition.ICONS, 100 << 32),
        demand(Condition.ICONS, 99 | 1 << 32),
        b"\x07\0",
        b"\x01\2",
        b"\x01",
    ],
)
def test_a_broken_condition_is_refused(one: bytes) -> None:
    with pytest.raises(BadImage):
        read_demands(Span(memoryview(one + b"\0"), "a program"), 99, 2)


def test_a_type_has_a_number_if_the_image_lists_it() -> None:
    assert [TYPES.number(name) for name in (ZIP, TAR, OTHER, "")] == [1, 2, 0xFFFF, 0]
    assert isinstance(TYPES, Types)


def test_clamscan_asks_for_types_likewise(ask: Ask) -> None:
    zips = [packed(BINARY + b"\xed\xee\xef", *kinds) for kinds in AROUND]
    asked = [
        *(["CL_TYPE_ZIP"], ["CL_TYPE_POSIX_TAR"], ["CL_TYPE_ANY"]),
        *(["CL_TYPE_POSIX_TAR", "CL_TYPE_ZIP"], ["CL_TYPE_ZIP", "CL_TYPE_POSIX_TAR"]),
        *(["CL_TYPE_ANY", "CL_TYPE_ZIP"], ["CL_TYPE_ZIP", "CL_TYPE_ZIP"]),
        ["CL_TYPE_ANY", "CL_TYPE_ANY", "CL_TYPE_ZIP"],
        ["CL_TYPE_POSIX_TAR", "CL_TYPE_ZIP", "CL_TYPE_ZIP"],
    ]
    lines = [
        f"I{at};Engine:81-255,Intermediates:{'>'.join(types)},Target:0;0;edeeef"
        for at, types in enumerate(asked)
    ]
    lines += [
        f"C{at};Engine:81-255,Container:{types[0]},Target:0;0;edeeef"
        for at, types in enumerate(asked[:3])
    ]
    for names, kinds in zip(ask(lines, zips, "ldb"), AROUND, strict=True):
        facts = Facts(
            5, container=kinds[-1] if kinds else "", intermediates=tuple(kinds)
        )
        expected = set()
        for at, types in enumerate(asked):
            values = [NUMBERS[name] for name in types]
            if holds(demand(Condition.INTERMEDIATES, *values), facts):
                expected.add(f"I{at}")
            if at < 3 and holds(demand(Condition.CONTAINER, *values), facts):
                expected.add(f"C{at}")
        assert names == expected, kinds


AROUND = [[], [ZIP], [ZIP, TAR, ZIP], [ZIP, ZIP, ZIP], [TAR, ZIP, ZIP]]


def packed(data: bytes, *kinds: str) -> bytes:
    """Put data into containers, the outermost first; the last one must deflate."""
    for kind in reversed(kinds):
        buffer = io.BytesIO()
        if kind == ZIP:
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a", data)
        else:
            with tarfile.open(fileobj=buffer, mode="w") as tar:
                member = tarfile.TarInfo("a")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        data = buffer.getvalue()
    return data
