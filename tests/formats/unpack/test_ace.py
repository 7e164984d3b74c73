"""Behaviour of the ACE reader."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ace as writing
from support.ace import Archive, File, Packer
from support.parts import collect, named, read

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.ace import blowfish, lock
from clearward.formats.ace.headers import checksum
from clearward.formats.unpack import ace

TEXT = b"what a file says, and says again, "


def found(data: bytes) -> tuple[list[bytes], list[Reason], str]:
    return collect(ace.unpack(Reader.of(data)))


def archive(*files: File, flags: int = 0, volume: int = 0) -> bytes:
    return Archive(files, flags, volume).bytes()


def packed(text: bytes = TEXT) -> bytes:
    return Packer().plain(text).match(len(text), len(text) - 2).data()


def encrypted(data: bytes, password: bytes) -> bytes:
    """A reference for the lock: each block is the one that is opened to it."""
    cipher = blowfish.Blowfish(lock.key_of(password))
    data += bytes(-len(data) % 8)
    out = b""
    before = (0, 0)
    for place in range(0, len(data), 8):
        left = int.from_bytes(data[place : place + 4], "little") ^ before[0]
        right = int.from_bytes(data[place + 4 : place + 8], "little") ^ before[1]
        before = cipher._run(cipher._keys, left, right)  # noqa: SLF001 - nobody encrypts
        out += b"".join(word.to_bytes(4, "little") for word in before)
    return out


def test_stored_and_packed_files_are_read() -> None:
    data = archive(File(TEXT, name=b"one"), File(TEXT * 2, packed(), name=b"two"))
    items = ace.unpack(Reader.of(data))
    assert named(items) == [(b"one", TEXT), (b"two", TEXT * 2)]


@pytest.mark.parametrize("method", [1, 2])
def test_matches_of_every_kind_are_copied(method: int) -> None:
    packer = Packer().plain(TEXT * 20)
    expected = bytearray(TEXT * 20)
    for distance, written in ((1, 3), (2, 0), (300, 7), (34, 9)):
        packer.match(distance, written)
        for _ in range(written + (3 if distance > 256 else 2)):
            expected.append(expected[-distance])
    for which, distance, length in ((1, 300, 5), (3, 1, 6), (0, 1, 5), (2, 34, 6)):
        packer.again(which, 3)
        for _ in range(length):
            expected.append(expected[-distance])
    content = bytes(expected)
    assert found(archive(File(content, packer.data(), method))) == ([content], [], "")


def test_a_distance_of_8192_makes_a_match_longer_again() -> None:
    front = bytes(range(256)) * 33
    data = Packer().plain(front).match(8193, 0).data()
    content = front + front[-8193:][:4]
    assert found(archive(File(content, data)))[0] == [content]


def test_a_file_of_a_solid_archive_refers_to_those_before() -> None:
    second = Packer().match(len(TEXT), len(TEXT) - 2).data()
    third = Packer().match(2 * len(TEXT), len(TEXT) - 2).data()
    files = [File(TEXT), File(TEXT, second), File(TEXT, third)]
    data = archive(*files, flags=writing.SOLID)
    assert found(data) == ([TEXT] * 3, [], "")
    items = [item for item in ace.unpack(Reader.of(data)) if isinstance(item, Part)]
    assert read(items[2].content) == b""  # all were unpacked while they were asked for


def test_a_file_that_nobody_read_is_unpacked_for_those_behind() -> None:
    second = Packer().match(len(TEXT), len(TEXT) - 2).data()
    data = archive(
        File(TEXT, Packer().plain(TEXT).data()), File(TEXT, second), flags=0x8000
    )
    items = ace.unpack(Reader.of(data))
    next(items)
    part = next(items)
    assert isinstance(part, Part)
    assert read(part.content) == TEXT


def test_differences_are_added_and_planes_are_laid_side_by_side() -> None:
    # Two planes of four bytes: 1 2 3 4 and 11 12 13 14, as differences.
    packer = Packer().plain(b"ab").mode(1, (2, 8), (8, 17))
    packer.plain(bytes((1, 1, 1, 1, 7, 1, 1, 1))).mode(0).plain(b"end")
    content = b"ab" + bytes((1, 11, 2, 12, 3, 13, 4, 14)) + b"end"
    assert found(archive(File(content, packer.data(), 2))) == ([content], [], "")


@pytest.mark.parametrize("wide", [0, 1])
def test_calls_and_jumps_of_a_program_are_put_back(wide: int) -> None:
    packer = Packer().mode(2, (wide, 8)).plain(b"\x90\xe8\x10\x20\0\0\xe9\x40\0......")
    called = (0x2010 - 1) & (0xFFFFFFFF if wide else 0xFFFF)
    content = b"\x90\xe8" + called.to_bytes(4, "little") + b"\xe9\x3a\0......"
    assert found(archive(File(content, packer.data(), 2))) == ([content], [], "")


def test_a_call_that_ends_behind_a_mode_is_put_back() -> None:
    packer = Packer().mode(2, (1, 8)).plain(b"\x90\xe8\x10").mode(2, (1, 8))
    packer.plain(b"\x20\0\0......")
    content = b"\x90\xe8\x0f\x20\0\0......"
    assert found(archive(File(content, packer.data(), 2))) == ([content], [], "")


def test_sound_is_foretold() -> None:
    packer = Packer().plain(b"head").mode(3)
    codes = [writing.put_code(packer.bits, writing.FLAT_SOUND, 10) for _ in range(3)]
    words = codes[0]
    packer.bits.put(100, 15)
    words.put(packer.bits, 32 + 2 * 7)  # seven more than foretold
    words.put(packer.bits, 2)  # three as foretold
    words.put(packer.bits, 3)  # behind a run: two less
    words.put(packer.bits, 32)
    words.put(packer.bits, 32)
    words.put(packer.bits, 32)
    content = b"head" + bytes((7, 7, 7, 7, 5, 5, 5, 5))
    assert found(archive(File(content, packer.data(), 2))) == ([content], [], "")


def test_a_picture_is_foretold() -> None:
    packer = Packer().plain(b"head").mode(7)
    packer.bits.rice(3, 12)
    packer.bits.rice(1, 2)
    # The mean of one set begins at 4 and falls, so fewer and fewer bits are low ones.
    for row in (((0, 3), (0, 2), (0, 1)), ((0, 1), (0, 0), (10, 0))):
        packer.bits.put(1, 1)
        for number, width in row:
            packer.bits.rice(number, width)
    packer.bits.put(0, 1)
    packer.fields(0).plain(b"tail")
    content = b"head" + bytes((0, 0, 0, 0, 0, 5)) + b"tail"
    assert found(archive(File(content, packer.data(), 2))) == ([content], [], "")


@pytest.mark.parametrize("method", [0, 1])
def test_a_password_of_the_list_opens_a_file(method: int) -> None:
    plain = packed() if method else TEXT
    content = TEXT * 2 if method else TEXT
    data = encrypted(plain, b"infected")
    file = File(content, data, method, flags=writing.ENCRYPTED)
    stored = archive(file)
    if not method:
        stored = archive(replace(file, packed=data, method=0))
    assert found(stored) == ([content], [], "")


def test_what_no_password_opens_is_encrypted() -> None:
    data = encrypted(packed(), b"a word that nobody would try")
    file = File(TEXT * 2, data, flags=writing.ENCRYPTED)
    assert found(archive(file)) == ([], [Reason.ENCRYPTED], "")


def test_the_lock_is_that_of_the_one_reader_there_is() -> None:
    opened = lock.opened(b"\xff" * 8 + b"\xc7" * 8, b"123456789")
    assert opened == b"\xb7wF@5.ereE\x05\xc4\xa5\x85)\xbc"
    assert checksum(b"123456789") == 873187033


def test_volumes_are_read_as_far_as_one_goes() -> None:
    begun = File(TEXT, flags=writing.BEGUN, name=b"begun")
    rest = File(TEXT, Packer().plain(TEXT).data(), flags=writing.BEGUN)
    whole = File(TEXT, Packer().plain(TEXT).data())
    cut = File(TEXT, TEXT[:9], 0, flags=writing.GOES_ON, size=99)
    data = archive(begun, rest, whole, cut, flags=writing.VOLUME, volume=1)
    parts, gaps, error = found(data)
    assert parts == [TEXT, TEXT, TEXT[:9]]
    assert set(gaps) == {Reason.TRUNCATED}
    assert error == ""


def test_a_later_volume_of_a_solid_archive_is_not_guessed_at() -> None:
    file = File(TEXT, Packer().plain(TEXT).data())
    flags = writing.VOLUME | writing.SOLID
    assert found(archive(file, flags=flags, volume=2))[0] == []


def test_an_unknown_method_and_a_folder() -> None:
    folder = File(b"", attributes=0x10)
    data = archive(folder, File(TEXT, packed(), 3), File(TEXT))
    assert found(data) == ([TEXT], [Reason.UNSUPPORTED], "")


def test_a_wrong_checksum_is_damage_behind_the_content() -> None:
    items = ace.unpack(Reader.of(archive(File(TEXT, crc=1))))
    part = next(items)
    assert isinstance(part, Part)
    with pytest.raises(Malformed, match="checksum"):
        read(part.content)


def test_a_wrong_checksum_of_a_header_is_said_at_the_end() -> None:
    data = bytearray(archive(File(TEXT), File(TEXT)))
    data[0] ^= 1
    assert found(bytes(data)) == ([TEXT, TEXT], [], "checksum of a header")


@given(st.integers(14, 400))
def test_an_archive_cut_anywhere_says_so(size: int) -> None:
    data = archive(File(TEXT, packed()), File(TEXT * 2, packed()))
    _, gaps, error = found(data[:size])
    ends = [len(Archive().bytes())]
    for _ in range(2):
        ends.append(ends[-1] + len(File(TEXT, packed()).bytes()))
    assert error or gaps or size >= ends[-1] or size in ends


def test_what_stands_before_damage_is_given() -> None:
    stream = Packer().plain(TEXT).match(5000, 3).data()
    items = ace.unpack(Reader.of(archive(File(TEXT * 2, stream))))
    part = next(items)
    assert isinstance(part, Part)
    content = part.content
    assert not isinstance(content, Reader)
    assert content.take(len(TEXT)) == TEXT
    with pytest.raises(Malformed):
        content.take(1)


def test_a_picture_that_is_too_wide_is_refused() -> None:
    packer = Packer().plain(b"head").mode(7)
    packer.bits.pieces.append("0" * 12 + "1" * (MIB >> 11) + "0" * 40)
    items = ace.unpack(Reader.of(archive(File(bytes(9), packer.data(), 2))))
    part = next(items)
    assert isinstance(part, Part)
    with pytest.raises(Malformed, match="width"):
        read(part.content)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 7), st.booleans())
def test_arbitrary_bytes_give_bytes_or_an_error(
    data: bytes,
    kind: int,
    whole: bool,  # noqa: FBT001 - of hypothesis
) -> None:
    packer = Packer().plain(b"ab")
    if whole:
        packer.symbol(writing.MODE)
    stream = packer.fields(kind).data() + data + bytes(-len(data) % 4)
    for files in ([File(bytes(999), stream, 2)], [File(bytes(999), data, 1)]):
        for item in ace.unpack(Reader.of(archive(*files))):
            if isinstance(item, Part):
                with suppress(Malformed):
                    assert len(read(item.content)) <= 999
    with suppress(Malformed):
        found(archive() + data)
