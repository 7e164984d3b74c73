"""Behaviour of the 7z reader."""

import io
import lzma
import shutil
import subprocess
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.unpack import seven_zip

CONTENT = bytes(range(256)) * 9
COPY, LZMA, LZMA2, PPMD = b"\0", b"\x03\x01\x01", b"\x21", b"\x03\x04\x01"
AES, UNKNOWN = b"\x06\xf1\x07\x01", b"\x04\xf7\x11\x05"
SMALL = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}
Member = tuple[bytes, bytes]

FILTERS = {
    "copy": [{"id": py7zr.FILTER_COPY}],
    "lzma": [{"id": py7zr.FILTER_LZMA}],
    "lzma2": [{"id": py7zr.FILTER_LZMA2}],
    "delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2}],
    "x86": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2}],
    "arm": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA2}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 20}],
}


def number(value: int) -> bytes:
    for more in range(9):
        if value < 1 << (7 * (more + 1)) or more == 8:
            low = (value & (1 << 8 * more) - 1).to_bytes(more, "little")
            first = 0xFF << (8 - more) & 0xFF | value >> 8 * more
            return bytes((first & 0xFF,)) + low
    raise AssertionError


def crc(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "little")


def lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[SMALL])


def coder(method: bytes = COPY, properties: bytes = b"") -> bytes:
    flags = len(method) | (0x20 if properties else 0)
    more = number(len(properties)) + properties if properties else b""
    return b"\1" + bytes((flags,)) + method + more


def streams(
    folders: Sequence[bytes],
    packed: Sequence[int],
    held: Sequence[Sequence[bytes]],
    place: int = 0,
    sizes: Sequence[int] | None = None,
) -> bytes:
    """Packed streams at `place`, one for each folder, with what each folder holds."""
    if sizes is None:
        sizes = [sum(map(len, each)) for each in held]
    out = b"\6" + number(place) + number(len(packed))
    out += b"\x09" + b"".join(map(number, packed)) + b"\0"
    out += b"\7\x0b" + number(len(folders)) + b"\0" + b"".join(folders)
    out += b"\x0c" + b"".join(map(number, sizes)) + b"\0"
    out += b"\x08\x0d" + b"".join(number(len(each)) for each in held)
    out += b"\x09" + b"".join(number(len(one)) for each in held for one in each[:-1])
    out += b"\x0a\1" + b"".join(crc(one) for each in held for one in each)
    return out + b"\0\0"


def files(members: Sequence[Member]) -> bytes:
    empty = "".join("01"[not content] for _, content in members)
    empty += "0" * (-len(empty) % 8)
    bits = int(empty or "0", 2).to_bytes(len(empty) // 8)
    names = b"\0" + b"".join(
        name.decode().encode("utf-16-le") + b"\0\0" for name, _ in members
    )
    out = b"\5" + number(len(members))
    out += b"\x0e" + number(len(bits)) + bits + b"\x14\x02\0\0"
    return out + b"\x11" + number(len(names)) + names + b"\0"


def around(packed: bytes, header: bytes) -> bytes:
    """An archive of packed streams and a header."""
    size = len(packed).to_bytes(8, "little") + len(header).to_bytes(8, "little")
    start = size + crc(header)
    return seven_zip.MAGIC + b"\0\4" + crc(start) + start + packed + header


def archive(
    members: Sequence[Member], folder: bytes = b"", packed: bytes | None = None
) -> bytes:
    """A solid archive; LZMA2 unless told otherwise."""
    held = [content for _, content in members if content]
    whole = b"".join(held)
    if packed is None:
        packed = lzma2(whole)
    described = b""
    if held:
        folder = folder or coder(LZMA2, b"\x08")
        described = b"\4" + streams([folder], [len(packed)], [held])
    return around(packed, b"\1" + described + files(members) + b"\0")


def encoded(data: bytes, folder: bytes = b"", size: int | None = None) -> bytes:
    """The same archive with its header packed."""
    header = data[32 + int.from_bytes(data[12:20], "little") :]
    before = data[32 : len(data) - len(header)]
    packed = lzma2(header)
    described = streams(
        [folder or coder(LZMA2, b"\x08")],
        [len(packed)],
        [[header]],
        len(before),
        None if size is None else [size],
    )
    return around(before + packed, b"\x17" + described)


def opened(data: bytes) -> list[Item]:
    return list(seven_zip.unpack(Reader.of(data)))


def until_damage(
    items: Iterable[Item],
) -> tuple[list[bytes], list[Reason], Malformed | None]:
    """What each part gave, the reasons of parts and gaps, and what ended it all."""
    found: list[bytes] = []
    reasons: list[Reason] = []
    try:
        for item in items:
            if isinstance(item, Gap):
                reasons.append(item.reason)
                continue
            found.append(b"")
            if isinstance(item.content, Reader):
                found[-1] = item.content.at(0, item.content.size)
                continue
            try:
                for chunk in item.content.rest():
                    found[-1] += chunk
            except Malformed as error:
                reasons.append(error.reason)
    except Malformed as error:
        return found, reasons, error
    return found, reasons, None


def looked(data: bytes) -> tuple[list[bytes], list[Reason], Malformed | None]:
    return until_damage(seven_zip.unpack(Reader.of(data)))


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
MEMBERS = st.lists(st.tuples(NAMES.map(str.encode), st.binary(max_size=60)), max_size=5)


@given(members=MEMBERS, packed=st.booleans(), plain=st.booleans())
def test_members_come_back_with_their_names(
    members: list[Member], *, packed: bool, plain: bool
) -> None:
    whole = b"".join(content for _, content in members)
    data = archive(members, coder(COPY), whole) if plain else archive(members)
    if packed:
        data = encoded(data)
    full = [member for member in members if member[1]]
    found = named(seven_zip.unpack(Reader.of(data)))
    if not full and not plain:
        found = [part for part in found if part[0] != b"unused"]
    assert found == full


def test_a_member_can_be_left_out() -> None:
    items = seven_zip.unpack(Reader.of(archive([(b"a", b"first"), (b"b", b"second")])))
    next(items)
    last = next(items)
    assert isinstance(last.content, Stream)  # type: ignore[union-attr]
    assert last.content.take(99) == b"second"  # type: ignore[union-attr]


def test_damage_in_a_member_that_was_left_out_is_not_lost() -> None:
    members = [(b"a", CONTENT), (b"b", b"second")]
    packed = lzma2(CONTENT)[:100] + b"\xff" * 40
    first, *rest = opened(archive(members, b"", packed))
    assert isinstance(first, Part)
    assert rest == [Gap(Reason.CORRUPT, b"b")]


def test_a_member_is_decoded_as_it_is_read() -> None:
    size = 1 << 40
    packed = lzma2(bytes(1 << 20))
    folder = coder(LZMA2, b"\x28")
    header = b"\1\4" + streams([folder], [len(packed)], [[b""]], sizes=[size]) + b"\0"
    item = next(seven_zip.unpack(Reader.of(around(packed, header))))
    assert isinstance(item, Part)
    assert isinstance(item.content, Stream)
    assert item.content.take(1000) == bytes(1000)


def test_a_folder_without_files_is_looked_at() -> None:
    described = streams([coder()], [5], [[]], sizes=[5])
    data = around(b"alone", b"\1\4" + described + files([]) + b"\0")
    assert named(opened_again(data)) == [(b"", b"alone")]


def opened_again(data: bytes) -> Iterable[Item]:
    return seven_zip.unpack(Reader.of(data))


def test_additional_streams_are_looked_at() -> None:
    first = streams([coder()], [4], [[b"more"]])
    second = streams([coder()], [4], [[b"main"]], 4)
    header = b"\1\2\x11\1x\0\3" + first + b"\4" + second + files([(b"n", b"main")])
    data = around(b"moremain", header + b"\0")
    assert named(opened_again(data)) == [(b"", b"more"), (b"n", b"main")]


def test_bytes_that_belong_to_nothing_are_parts() -> None:
    described = streams([coder()], [4], [[b"main"]], 6)
    header = b"\1\4" + described + files([(b"n", b"main")]) + b"\0"
    data = around(b"hiddenmaingap", header) + b"behind"
    assert named(opened_again(data)) == [
        (b"n", b"main"),
        (b"unused", b"hidden"),
        (b"unused", b"gap"),
        (b"trailing", b"behind"),
    ]


def test_an_archive_may_be_empty() -> None:
    assert opened(around(b"", b"")) == []


def test_names_may_be_missing() -> None:
    described = streams([coder()], [8], [[b"main", b"next"]])
    data = around(b"mainnext", b"\1\4" + described + b"\5\2\0\0")
    assert named(opened_again(data)) == [(b"", b"main"), (b"", b"next")]


def test_a_wrong_crc_is_damage_after_all_the_bytes_and_others_follow() -> None:
    good = archive([(b"a", b"first"), (b"b", b"second")], coder(), b"firstsecond")
    bad = good.replace(crc(b"first"), b"\1\2\3\4")
    bad = around(b"firstsecond", bad[32 + 11 :])
    found, reasons, error = looked(bad)
    assert found == [b"first", b"second"]
    assert reasons == [Reason.CORRUPT]
    assert error is None


@pytest.mark.parametrize("place", [8, 28], ids=["start header", "header"])
def test_a_wrong_crc_of_a_header_is_said_after_everything(place: int) -> None:
    data = bytearray(archive([(b"a", CONTENT)]))
    data[place] ^= 1
    found, _, error = looked(bytes(data))
    assert found == [CONTENT]
    assert type(error) is Malformed


def test_damage_in_a_folder_leaves_gaps_for_what_follows() -> None:
    members = [(b"a", CONTENT), (b"b", CONTENT[::-1]), (b"c", b"last")]
    packed = lzma2(CONTENT)[:-1] + b"\xff" * 40
    found, reasons, error = looked(archive(members, b"", packed))
    assert found == [CONTENT, b""]
    assert reasons == [Reason.CORRUPT, Reason.CORRUPT]
    assert error is None


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        pytest.param(coder(AES, b"\0"), Reason.ENCRYPTED, id="encrypted"),
        pytest.param(coder(UNKNOWN, b""), Reason.UNSUPPORTED, id="unknown"),
        pytest.param(
            coder(PPMD, b"\6" + (1 << 27).to_bytes(4, "little")),
            Reason.MEMORY_LIMIT,
            id="memory of PPMd",
        ),
        pytest.param(coder(LZMA2, b"\x29"), Reason.CORRUPT, id="wrong properties"),
    ],
)
def test_a_folder_that_cannot_be_decoded_is_a_gap_for_each_member(
    folder: bytes, reason: Reason
) -> None:
    items = opened(archive([(b"a", b"1"), (b"b", b"2")], folder))
    assert items == [Gap(reason, b"a"), Gap(reason, b"b")]


@pytest.mark.parametrize("dictionary", [0x1D, 0x28])
def test_a_huge_dictionary_that_is_not_used_costs_nothing(dictionary: int) -> None:
    folder = coder(LZMA2, bytes((dictionary,)))
    assert named(opened_again(archive([(b"a", CONTENT)], folder))) == [(b"a", CONTENT)]


@pytest.mark.parametrize(
    ("folder", "size", "reason"),
    [
        pytest.param(coder(AES, b"\0"), None, Reason.ENCRYPTED, id="encrypted"),
        pytest.param(coder(UNKNOWN), None, Reason.UNSUPPORTED, id="unknown"),
        pytest.param(b"", 1 << 40, Reason.MEMORY_LIMIT, id="large"),
    ],
)
def test_a_header_that_cannot_be_decoded_is_a_gap(
    folder: bytes, size: int | None, reason: Reason
) -> None:
    data = encoded(archive([(b"a", CONTENT)]), folder, size)
    assert gaps(opened_again(data)) == [reason]


def test_headers_in_headers_end() -> None:
    data = archive([(b"a", CONTENT)])
    for _ in range(5):
        data = encoded(data)
    assert gaps(opened_again(data)) == [Reason.UNSUPPORTED]


def test_a_number_of_files_costs_nothing() -> None:
    for count in (2**63, 2**64 - 1):
        header = b"\1\5" + number(count) + b"\0\0"
        found, _, error = looked(around(b"", header))
        assert found == []
        assert type(error) is Malformed


@pytest.mark.parametrize("place", [8, 10, 11, 12, 13], ids=str)
@given(st.integers(0, 2**64 - 1))
def test_huge_counts_and_sizes_are_refused_or_read(place: int, value: int) -> None:
    described = streams([coder()], [4], [[b"main"]])
    data = b"\1\4" + described[:place] + number(value) + described[place + 1 :]
    looked(around(b"main", data + files([(b"n", b"main")]) + b"\0"))


@given(st.data())
def test_a_cut_archive_gives_no_wrong_byte(draw: st.DataObject) -> None:
    data = encoded(archive([(b"a", CONTENT), (b"b", b"last")]))
    cut = data[: draw.draw(st.integers(6, len(data) - 1))]
    found, _, error = looked(cut)
    assert found == []
    assert isinstance(error, Truncated)


def test_members_before_the_end_of_a_cut_stream_are_given() -> None:
    whole = archive([(b"a", b"first"), (b"b", b"second")], coder(), b"firstsec")
    found, reasons, _ = looked(whole)
    assert found == [b"first", b"sec"]
    assert reasons == [Reason.TRUNCATED]


def of_py7zr(
    members: dict[str, bytes],
    filters: list[dict[str, int]] | None = None,
    password: str | None = None,
) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=filters, password=password) as made:
        for name, data in members.items():
            made.writestr(data, name)
    return out.getvalue()


@pytest.mark.parametrize("method", sorted(FILTERS))
def test_what_py7zr_writes_comes_back(method: str) -> None:
    members = {"a.txt": b"some text, " * 500, "b.bin": CONTENT}
    found = named(opened_again(of_py7zr(members, FILTERS[method])))
    assert found == [(name.encode(), data) for name, data in members.items()]


def test_what_py7zr_encrypts_is_encrypted() -> None:
    data = of_py7zr({"a": b"secret" * 10}, password="word")  # noqa: S106 - a test's
    assert gaps(opened_again(data)) == [Reason.ENCRYPTED]


@pytest.mark.skipif(shutil.which("7zz") is None, reason="7zz is not installed")
@pytest.mark.parametrize(
    "options",
    [
        "-mx=1",
        "-mx=9 -m0=LZMA",
        "-m0=PPMd",
        "-m0=BZip2",
        "-m0=Deflate",
        "-m0=Deflate64",
        "-m0=Copy -mhc=off",
        "-mf=BCJ2",
        "-m0=BCJ -m1=Deflate",
        "-mf=ARM64",
        "-mf=RISCV",
        "-mf=Delta:3",
        "-m0=SWAP4 -m1=BZip2",
        "-ms=off",
    ],
)
def test_what_the_tool_writes_comes_back(options: str, tmp_path: Path) -> None:
    members = [
        (b"one.exe", b"MZ" + b"\xe8\1\2\0\0\x0f\x85\5\0\0\0\xe9\7\0\0\0" * 300),
        (b"three.txt", CONTENT),
        (b"two.txt", b"\xef\0\1\2\x17\1\3\4\0\0\0\x94" * 200),
    ]
    for name, content in members:
        (tmp_path / name.decode()).write_bytes(content)
    command = ["7zz", "a", "-bd", *options.split(), "x.7z", "*"]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    data = (tmp_path / "x.7z").read_bytes()
    assert sorted(named(opened_again(data))) == members


@given(st.binary(max_size=200))
def test_arbitrary_headers_give_parts_or_an_error(data: bytes) -> None:
    data = around(b"packed", b"\1\4" + data)
    _, _, error = looked(data)
    assert error is None or 0 <= error.offset <= len(data)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    data = seven_zip.MAGIC + data
    _, _, error = looked(data)
    assert error is None or 0 <= error.offset <= len(data)


@given(st.data())
def test_a_changed_byte_gives_parts_or_an_error(draw: st.DataObject) -> None:
    data = bytearray(archive([(b"a", CONTENT), (b"b", b"last")]))
    place = draw.draw(st.integers(12, len(data) - 1))
    data[place] = draw.draw(st.integers(0, 255))
    _, _, error = looked(bytes(data))
    assert error is None or 0 <= error.offset <= len(data)
