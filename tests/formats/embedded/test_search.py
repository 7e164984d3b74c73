"""Behaviour of the search for what begins in the middle of a part."""

import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.carriers import windows
from support.parts import contents, gaps, named

from clearward.core.part import Gap, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.embedded import search
from clearward.formats.unpack import embedded, embedded_program

RAR4 = b"Rar!\x1a\7\0" + b"\xcf\x90\x73\0\0\x0d\0" + bytes(30)
RAR5 = b"Rar!\x1a\7\1\0" + b"\x33\x92\xb5\xe5" + b"\x0a\1\5\6\0\5\1\1" + bytes(30)
CABINET = b"MSCF" + struct.pack("<5I2B5H", 0, 90, 0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
CABINET = CABINET.ljust(90, b"\0")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
OLE = struct.pack(
    "<8s16x5H6x3I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6, 0, 1, 0
).ljust(512, b"\0")


def seven() -> bytes:
    start = struct.pack("<QQI", 10, 20, 0)
    checksum = struct.pack("<I", zlib.crc32(start))
    return b"7z\xbc\xaf\x27\x1c\0\4" + checksum + start + bytes(30)


FOUND = {
    "rar 4": RAR4,
    "rar 5": RAR5,
    "7z": seven(),
    "cab": CABINET,
    "pdf": PDF,
    "ole": OLE,
}
FRONT = b"\xff\xd8\xff\xe0" + bytes(1200)


def carved(data: bytes) -> list[bytes]:
    return contents(embedded.unpack(Reader.of(data)))


@pytest.mark.parametrize("archive", FOUND.values(), ids=FOUND)
def test_an_archive_or_a_document_behind_a_picture_is_found(archive: bytes) -> None:
    data = FRONT + archive
    assert embedded.recognises(data, Reader.of(data))
    assert carved(data) == [archive]
    (part,) = embedded.unpack(Reader.of(data))
    assert isinstance(part, Part)
    assert part.name == b"offset 1204"


@pytest.mark.parametrize("archive", FOUND.values(), ids=FOUND)
def test_what_leads_a_part_is_the_part_itself(archive: bytes) -> None:
    assert not embedded.recognises(archive, Reader.of(archive))


@pytest.mark.parametrize("archive", FOUND.values(), ids=FOUND)
def test_one_that_is_cut_short_raises_nothing(archive: bytes) -> None:
    for size in range(len(archive)):
        carved(FRONT + archive[:size])


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(b"Rar!\x1a\7\0" + bytes(30), id="rar magic without a header"),
        pytest.param(b"Rar!\x1a\7\1", id="rar cut short"),
        pytest.param(seven()[:20] + b"\xff" + seven()[21:], id="7z, wrong checksum"),
        pytest.param(b"MSCF\0\0\0\0" + bytes(40), id="cab of no version"),
        pytest.param(b"%PDF-1.4\n is how a document begins", id="pdf, the word"),
        pytest.param(OLE[:28] + bytes(484), id="ole without byte order"),
        pytest.param(b"PE\0\0L\1" + bytes(100), id="pe"),
    ],
)
def test_a_magic_alone_is_not_enough(behind: bytes) -> None:
    assert not embedded.recognises(FRONT, Reader.of(FRONT + behind))
    assert not embedded_program.recognises(FRONT, Reader.of(FRONT + behind))


@pytest.mark.parametrize("wide", [False, True])
def test_a_program_in_the_middle_reaches_to_the_end(wide: bool) -> None:  # noqa: FBT001
    program = windows((0x1000, b"code" * 100), wide=wide) + b"behind"
    data = FRONT + program
    assert embedded_program.recognises(data, Reader.of(data))
    assert contents(embedded_program.unpack(Reader.of(data))) == [program]


def test_several_come_in_the_order_of_their_places() -> None:
    data = FRONT + PDF + RAR5 + CABINET
    names = [name for name, _ in named(embedded.unpack(Reader.of(data)))]
    places = [len(FRONT), len(FRONT + PDF), len(FRONT + PDF + RAR5)]
    assert names == [b"offset %d" % place for place in places]


def test_what_lies_on_a_disk_is_searched_in_stretches() -> None:
    program = windows((0x1000, b"code" * 100))
    front = search.STRETCH - 3
    data = bytes(front) + program
    reader = Reader(lambda offset, size: data[offset : offset + size], len(data))
    (part,) = embedded_program.unpack(reader)
    assert isinstance(part, Part)
    assert part.name == b"offset %d" % front


def test_a_flood_is_a_limit_and_is_over_soon() -> None:
    program = windows((0x1000, b""))
    data = b"x" + program * 3000
    began = time.process_time()
    items = list(embedded_program.unpack(Reader.of(data)))
    assert time.process_time() - began < 2
    assert gaps(item for item in items if isinstance(item, Gap)) == [Reason.PARTS_LIMIT]
    parts = [item for item in items if isinstance(item, Part)]
    assert len(parts) == search.MOST_HITS
    again = sum(part.content.size for part in parts if isinstance(part.content, Reader))
    assert again < (search.MOST_AGAIN + 2) * len(data)


def test_a_flood_of_false_ones_is_a_limit_too() -> None:
    data = FRONT + b"%PDF-1.4\n" * (search.MOST_TRIES + 1)
    assert gaps(embedded.unpack(Reader.of(data))) == [Reason.PARTS_LIMIT]


@given(
    st.sampled_from([*embedded.MARKS, *embedded_program.MARKS, *FOUND.values()]),
    st.binary(max_size=300),
    st.integers(0, 40),
)
def test_arbitrary_bytes_behind_a_magic_raise_nothing(
    mark: bytes, data: bytes, place: int
) -> None:
    whole = FRONT + mark[:place] + data + mark
    contents(embedded.unpack(Reader.of(whole)))
    contents(embedded_program.unpack(Reader.of(b"MZ" + whole)))
