"""Places: where the first piece of a chain may begin."""

import pytest
from support.clamscan import BINARY, Ask
from support.image import place
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.bodies import find, read_body
from clearward.native.errors import BadImage
from clearward.native.layout import MOST_GROUPS, MOST_OFFSET, SUB, Where
from clearward.native.places import read_place, starts
from clearward.native.span import Span
from clearward.native.steps import Steps

FACTS = Facts(
    100, entry=40, sections=((10, 20), (30, 5), (60, 90)), versions=(50, 52, 90)
)
ALL = [(0, 100)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (place(), ALL),
        (place(Where.START, 7), [(7, 7)]),
        (place(Where.START, 7, 3), [(7, 10)]),
        (place(Where.START, 99, 3), [(99, 100)]),
        (place(Where.START, 101), []),
        (place(Where.END, 5), [(95, 95)]),
        (place(Where.END, 5, 9), [(95, 100)]),
        (place(Where.END, 100), [(0, 0)]),
        (place(Where.END, 101, 50), []),
        (place(Where.ENTRY, 2), [(42, 42)]),
        (place(Where.ENTRY, -40, 1), [(0, 1)]),
        (place(Where.ENTRY, -41, 9), []),
        (place(Where.SECTION, 4, section=1), [(34, 34)]),
        (place(Where.SECTION, section=3), []),
        (place(Where.IN_SECTION, section=1), [(30, 35)]),
        (place(Where.IN_SECTION, shift=4, section=1), [(30, 39)]),
        (place(Where.IN_SECTION, section=2), [(60, 100)]),
        (place(Where.LAST_SECTION, 1), [(61, 61)]),
        (place(Where.VERSION), [(50, 50), (52, 52), (90, 90)]),
        (place(Where.VERSION, shift=2), [(50, 54), (90, 92)]),
        (place(Where.GROUP, group=3), ALL),
    ],
)
def test_a_place_is_ranges_of_starts(
    at: bytes, expected: list[tuple[int, int]]
) -> None:
    read = read_place(Span(memoryview(at), "a place"))
    assert starts(read, FACTS, 100) == expected


def test_without_headers_only_what_needs_none_is_a_place() -> None:
    facts = Facts(100, entry=40, sections=((10, 20),), versions=(1,), placed=False)
    read = [
        read_place(Span(memoryview(place(where)), "a place"))
        for where in Where
        if where is not Where.GROUP
    ]
    placed = {one.where for one in read if starts(one, facts, 100)}
    assert placed == {Where.ANYWHERE, Where.START}


def test_nothing_is_placed_by_what_a_part_has_not() -> None:
    for where in (Where.ENTRY, Where.SECTION, Where.LAST_SECTION, Where.VERSION):
        read = read_place(Span(memoryview(place(where)), "a place"))
        assert starts(read, Facts(9), 9) == []


@pytest.mark.parametrize(
    ("at", "field"),
    [
        (bytes([9]) + place()[1:], "place"),
        (place(offset=1), "offset"),
        (place(shift=1), "offset"),
        (place(Where.START, -1), "offset"),
        (place(Where.END, -1), "offset"),
        (place(Where.ENTRY, MOST_OFFSET + 1), "offset"),
        (place(Where.ENTRY, -MOST_OFFSET - 1), "offset"),
        (place(Where.START, 0, MOST_OFFSET + 1), "shift"),
        (place(Where.IN_SECTION, 1), "offset"),
        (place(Where.START, section=1), "section"),
        (place(Where.START, group=1), "group"),
        (place(Where.GROUP, group=MOST_GROUPS), "group"),
        (place()[:-1], "too early"),
    ],
)
def test_a_broken_place_is_refused(at: bytes, field: str) -> None:
    with pytest.raises(BadImage, match=field):
        read_place(Span(memoryview(at), "a place"))


def test_clamscan_places_bodies_at_the_same_offsets(ask: Ask) -> None:
    size = len(BINARY) + 10
    asked = [
        *(
            (str(offset), place(Where.START, offset))
            for offset in range(size - 11, size)
        ),
        *(
            (f"{size - 10},{one}", place(Where.START, size - 10, one))
            for one in range(6)
        ),
        *((f"EOF-{one}", place(Where.END, one)) for one in range(11)),
        *((f"EOF-9,{one}", place(Where.END, 9, one)) for one in range(6)),
        (f"EOF-{size}", place(Where.END, size)),
        (f"EOF-{size + 2},{size}", place(Where.END, size + 2, size)),
    ]
    inputs = [
        BINARY + bytes(at) + b"\xed\xee\xf1\xf2" + bytes(6 - at) for at in range(7)
    ]
    lines = [f"T{at}:0:{offset}:edeef1f2" for at, (offset, _) in enumerate(asked)]
    found = ask(lines, inputs, "ndb")
    for names, data in zip(found, inputs, strict=True):
        expected = set()
        for at, (_, one) in enumerate(asked):
            read = read_body(
                Span(memoryview(body("edeef1f2", one))[SUB.size :], "a body")
            )
            if find(read, data, Facts(len(data)), Steps(999)):
                expected.add(f"T{at}")
        assert names == expected


def test_the_offset_of_a_body_with_gaps_is_of_its_first_piece() -> None:
    read = read_body(
        Span(memoryview(body("6161*6262", place(Where.START, 3)))[SUB.size :], "a body")
    )
    data = b"aa.aa.bb.bb"
    assert find(read, data, Facts(11), Steps(99)) == {6: 3, 9: 3}
