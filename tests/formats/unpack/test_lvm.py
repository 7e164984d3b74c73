"""Behaviour of the reader of disks of LVM."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import lvm

IDENTITY = b"MFKeh7iXstwuNsAgWbIEzzUQgTn8yv6I"
EXTENT = 4096
FIRST = 32 * 1024  # of the extents
AREA = 4096
AREA_SIZE = 8192


def little(value: int, size: int = 8) -> bytes:
    return value.to_bytes(size, "little")


def segment(
    first: int, count: int, disk: str, start: int, kind: str = "striped"
) -> str:
    return (
        f"start_extent = {first} extent_count = {count} "
        f'type = "{kind}" stripes = ["{disk}", {start}]'
    )


def group(**volumes: list[str]) -> bytes:
    text = "vg {\nextent_size = 8\nphysical_volumes {\n"
    dashed = IDENTITY.decode()[:6] + "-" + IDENTITY.decode()[6:]
    text += f'pv0 {{ id = "{dashed}" pe_start = {FIRST // 512} }}\n'
    text += (
        f'pv1 {{ id = "other" pe_start = {FIRST // 512} }}\n}}\nlogical_volumes {{\n'
    )
    for name, segments in volumes.items():
        text += f"{name} {{ segment_count = {len(segments)}\n"
        for at, each in enumerate(segments):
            text += f"segment{at + 1} {{ {each} }}\n"
        text += "}\n"
    return text.encode() + b"}\n}\n" + b'contents = "Text"\n\0'


def disk(text: bytes, *, start: int = 512, extents: int = 8) -> bytes:
    image = bytearray(FIRST + extents * EXTENT)
    header = IDENTITY + little(len(image)) + little(FIRST) + bytes(8) + bytes(16)
    header += little(AREA) + little(AREA_SIZE) + bytes(16)
    label = b"LABELONE" + little(1) + bytes(4) + little(32, 4) + b"LVM2 001" + header
    image[512 : 512 + len(label)] = label
    head = bytes(4) + b" LVM2 x[5A%r0N*>" + little(1, 4) + little(AREA)
    head += little(AREA_SIZE) + little(start) + little(len(text))
    image[AREA : AREA + len(head)] = head
    room = AREA_SIZE - start
    image[AREA + start : AREA + start + len(text[:room])] = text[:room]
    image[AREA + 512 : AREA + 512 + len(text[room:])] = text[room:]
    for at in range(extents):
        place = FIRST + at * EXTENT
        image[place : place + EXTENT] = bytes((65 + at,)) * EXTENT
    return bytes(image)


ROOT = [segment(0, 2, "pv0", 0), segment(2, 1, "pv0", 4)]
WHOLE = [
    (b"root", b"A" * EXTENT + b"B" * EXTENT + b"E" * EXTENT),
    (b"data", b"C" * EXTENT),
]


@pytest.mark.parametrize("start", [512, AREA_SIZE - 200])
def test_volumes_come_back_with_their_names(start: int) -> None:
    image = disk(group(root=ROOT, data=[segment(0, 1, "pv0", 2)]), start=start)
    assert named(lvm.unpack(Reader.of(image))) == WHOLE


def test_what_no_segment_has_is_zeros() -> None:
    image = disk(group(root=[segment(1, 1, "pv0", 2)]))
    assert contents(lvm.unpack(Reader.of(image))) == [bytes(EXTENT) + b"C" * EXTENT]


@pytest.mark.parametrize(
    "segments",
    [
        [segment(0, 1, "pv1", 0)],
        [segment(0, 1, "pv9", 0)],
        [segment(0, 1, "pv0", 0, "thin-pool")],
        ['type = "striped" stripes = ["pv0", 0, "pv0", 1]'],
        [segment(0, 0, "pv0", 0)],
        [],
    ],
    ids=["other disk", "no disk", "type", "stripes", "no size", "nothing"],
)
def test_volumes_that_are_not_read_are_said(segments: list[str]) -> None:
    image = disk(group(root=segments, data=[segment(0, 1, "pv0", 2)]))
    found = collect(lvm.unpack(Reader.of(image)))
    assert found == ([b"C" * EXTENT], [Reason.UNSUPPORTED], "")


@pytest.mark.parametrize("text", [b"", b"{", b"contents = 1", b"vg { a = }"])
def test_a_disk_without_a_description_is_unsupported(text: bytes) -> None:
    assert gaps(lvm.unpack(Reader.of(disk(text)))) == [Reason.UNSUPPORTED]


def test_a_disk_that_ends_early_gives_what_there_is() -> None:
    image = disk(group(root=ROOT))
    with pytest.raises(Truncated):
        contents(lvm.unpack(Reader.of(image[: FIRST + 3 * EXTENT])))
    assert gaps(lvm.unpack(Reader.of(image[:550]))) == [Reason.UNSUPPORTED]


IMAGE = disk(group(root=ROOT))


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    place = (512, AREA, AREA + 512)[place % 3] + place % 900
    image = IMAGE[:place] + junk + IMAGE[place + len(junk) :]
    with suppress(Malformed):
        list(lvm.unpack(Reader.of(image)))  # unread: sizes may be anything now
