"""Behaviour of the reader of compound files."""

import zlib
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ole import MAGIC, SECTOR, Writer, compound, packed_source
from support.parts import collect, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import ole

SOURCE = b'Attribute VB_Name = "Module1"\r\nSub AutoOpen()\r\nEnd Sub\r\n'


def parts(data: bytes) -> dict[bytes, bytes]:
    return dict(named(ole.unpack(Reader.of(data))))


def module_list(stream: bytes, offset: int) -> bytes:
    return b"".join(
        (
            pack("<HIH", 0x03, 2, 1252),
            pack("<HIIH", 0x09, 4, 1, 2),
            pack("<HI", 0x1A, len(stream)) + stream,
            pack("<HII", 0x31, 4, offset),
            pack("<HI", 0x2B, 0),
        )
    )


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "Storage/c", "Storage/Deep/d"]),
        st.binary(max_size=200) | st.binary(min_size=4096, max_size=9000),
        min_size=1,
    )
)
def test_streams_come_back_by_their_paths(tree: dict[str, bytes]) -> None:
    found = parts(compound(tree))
    for path, content in tree.items():
        assert found[path.encode()] == content


def test_an_ordinary_file_has_no_gaps() -> None:
    data = compound({"small": b"x" * 100, "large": b"y" * 5000})
    assert gaps(ole.unpack(Reader.of(data))) == []


def test_sectors_of_no_stream_are_parts() -> None:
    writer = Writer({"a": b"x" * 5000})
    writer.chain(b"deleted" * 200)
    assert (b"deleted" * 200).ljust(3 * SECTOR, b"\0") in parts(writer.file()).values()


def test_free_sectors_are_one_part() -> None:
    writer = Writer({"a": b"x" * 5000})
    writer.chain(b"deleted")
    writer.fat[-1] = 0xFFFFFFFF
    writer.chain(b"z" * 600)
    writer.fat[-2:] = [0xFFFFFFFF] * 2
    found = parts(writer.file()).values()
    assert any(b"deleted" in each and b"z" * 600 in each for each in found)


def test_a_chain_that_bites_its_tail_is_corrupt_and_ends() -> None:
    writer = Writer({"a": b"x" * 5000})
    data = bytearray(writer.file())
    fat = len(data) - SECTOR
    data[fat : fat + 4] = pack("<I", 0)
    assert gaps(ole.unpack(Reader.of(bytes(data)))) == [Reason.CORRUPT]


def test_a_file_that_ends_inside_a_stream_is_truncated() -> None:
    data = bytearray(compound({"a": b"x" * 5000}))
    start = data.index("a".encode("utf-16-le") + bytes(60)) + 116
    data[start + 4 : start + 8] = pack("<I", 1 << 20)
    found = gaps(ole.unpack(Reader.of(bytes(data))))
    assert found in ([Reason.CORRUPT], [Reason.TRUNCATED])


@pytest.mark.parametrize("shift", [0, 8, 10, 30, 0xFFFF])
def test_other_sizes_of_sectors_are_refused(shift: int) -> None:
    data = bytearray(compound({"a": b"x"}))
    data[30:32] = pack("<H", shift)
    with pytest.raises(Malformed, match="sector shift"):
        list(ole.unpack(Reader.of(bytes(data))))


def test_a_header_cut_short_is_truncated() -> None:
    with pytest.raises(Truncated):
        list(ole.unpack(Reader.of(compound({"a": b"x"})[:300])))


def test_the_layout_before_1995_is_unsupported() -> None:
    data = b"\x0e\x11\xfc\x0d\xd0\xcf\x11\x0e" + bytes(1000)
    assert gaps(ole.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]


def test_macros_are_parts_named_as_they_name_themselves() -> None:
    tree = {
        "Macros/VBA/Module1": b"p-code" + packed_source(SOURCE * 100),
        "Macros/VBA/dir": packed_source(module_list(b"Module1", 6)),
    }
    found = named(ole.unpack(Reader.of(compound(tree))))
    assert found.count((b"VBA/Module1", SOURCE * 100)) == 1


def test_macros_are_found_without_a_list_of_modules() -> None:
    data = compound({"Macros/VBA/x": b"p-code" + packed_source(SOURCE)})
    assert parts(data)[b"VBA/Module1"] == SOURCE


def test_macros_that_do_not_begin_as_usual_are_found_by_the_list() -> None:
    text = b"Sub AutoOpen()\r\nEnd Sub\r\n"
    tree = {
        "VBA/Module1": b"p-code" + packed_source(text),
        "VBA/dir": packed_source(module_list(b"Module1", 6)),
    }
    assert parts(compound(tree))[b"VBA/Module1"] == text
    tree["VBA/dir"] = b"damaged"
    assert text in parts(compound(tree)).values()


def test_a_module_that_is_not_there_is_corrupt() -> None:
    data = compound({"VBA/dir": packed_source(module_list(b"Module1", 6))})
    assert gaps(ole.unpack(Reader.of(data))) == [Reason.CORRUPT]


def test_what_was_packaged_is_a_part() -> None:
    native = pack("<H", 2) + b"label\0C:\\a.exe\0" + pack("<HH", 0, 3)
    native += pack("<I", 4) + b"tmp\0" + pack("<I", 7) + b"payload" + b"more"
    tree = {"ObjectPool/_1/\x01Ole10Native": pack("<I", len(native)) + native}
    assert parts(compound(tree))[b"C:\\a.exe"] == b"payload"


def test_what_was_embedded_without_the_packager_is_a_part() -> None:
    tree = {"\x01Ole10Native": pack("<I", 7) + b"payload"}
    assert parts(compound(tree))[b"native"] == b"payload"


@pytest.mark.parametrize("cut", [0, 4])
def test_objects_in_presentations_are_parts_with_or_without_a_checksum(
    cut: int,
) -> None:
    inner = compound({"inner": b"content"})
    packed = zlib.compress(inner)
    packed = pack("<I", len(inner)) + packed[: len(packed) - cut]
    record = pack("<HHI", 0x10, 0x1011, len(packed)) + packed
    document = pack("<HHI", 0x0F, 1000, len(record)) + record
    assert parts(compound({"PowerPoint Document": document}))[b"object/1"] == inner


def test_encrypted_documents_say_so() -> None:
    word = pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x100)
    show = pack("<HHI", 0x0F, 0x2F14, 0)
    for tree in (
        {"WordDocument": word},
        {"PowerPoint Document": show},
        {"\tDRMContent": b"x" * 9},
    ):
        assert gaps(ole.unpack(Reader.of(compound(tree)))) == [Reason.ENCRYPTED]


def test_names_in_installers_are_unpacked() -> None:
    packed = "\u4840" + chr(0x3800 + 12 + (10 << 6)) + chr(0x4800 + 36)
    assert parts(compound({packed: b"table"}))[b"!CAa"] == b"table"


@given(st.binary(max_size=3000))
def test_arbitrary_bytes_behind_the_magic_are_read_or_refused(data: bytes) -> None:
    collect(ole.unpack(Reader.of(MAGIC + data)))


@given(st.data())
def test_damage_anywhere_is_survived(data: st.DataObject) -> None:
    tree = {
        "VBA/Module1": packed_source(SOURCE),
        "VBA/dir": packed_source(module_list(b"Module1", 0)),
        "\x01Ole10Native": bytes(40),
        "large": b"x" * 5000,
    }
    whole = bytearray(compound(tree))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(24, len(whole) - 1))] = data.draw(
            st.integers(0, 255)
        )
    collect(ole.unpack(Reader.of(bytes(whole))))


def test_sources_inside_each_other_are_bounded() -> None:
    data = compound({"a": b"\x01\x05\xb0\x00Attribut" * 11_000})
    assert Reason.PARTS_LIMIT in gaps(ole.unpack(Reader.of(data)))


def test_streams_that_all_lie_over_each_other_are_bounded() -> None:
    names = [f"s{number:03}" for number in range(300)]
    data = bytearray(compound({"large": b"x" * 99_000} | dict.fromkeys(names, b"")))
    for name in names:
        at = data.index(name.encode("utf-16-le")) + 116
        data[at : at + 8] = pack("<II", 0, 99_000)
    assert gaps(ole.unpack(Reader.of(bytes(data)))) == [Reason.SIZE_LIMIT]
