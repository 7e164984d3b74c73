"""Hostile containers of many formats: each ends at a limit that it names, in one pass.

Every file is a flood, a bomb or a loop, small here and with small limits; what matters
is that nothing is silently clean and that no work is done beyond the limit.
"""

import base64
import bz2
import lzma
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from random import Random

import pytest
from support.ole import END, FREE, Writer
from support.pdf import document, stream

from clearward.core.limits import MIB, Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.formats import heavy, opened
from clearward.formats.identify import MARKS
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

PARTS = 300
SCANNED = 64 * MIB
MANY = 2 * PARTS
RULE = b'rule a { strings: $a = "a needle in all this" condition: $a }'
NEEDLE = b"a needle in all this"
NOISE = Random(1).randbytes(MIB)  # noqa: S311 - not secret
SECTOR = 2048


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    heavy.load()
    opened.load()


@pytest.fixture(scope="module")
def scan() -> Callable[[bytes], Result]:
    rules, _ = compile_rules(
        [Source(0, "a.yar", "yara", "local", RULE)], test_file=True, marks=MARKS
    )
    limits = Limits(parts=PARTS, scan_size=SCANNED, depth=8)
    engine = Engine(rules, limits, time.monotonic)
    return lambda data: engine.scan(Reader.of(data), every=True)


# Floods: more parts than are allowed.


def zip_of_many() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(MANY):
            archive.writestr(f"{number}", b"%d" % number * 9)
    return file.getvalue()


def tar_of_many() -> bytes:
    file = BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for number in range(MANY):
            member = tarfile.TarInfo(f"{number}")
            member.size = 3
            archive.addfile(member, BytesIO(b"%03d" % number))
    return file.getvalue()


def mail_of_many() -> bytes:
    head = (
        b"From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    )
    return head + b"".join(
        b"--x\nContent-Type: text/plain; name=a%d\n\n%d\n" % (each, each)
        for each in range(MANY)
    )


def mail_of_many_uuencoded() -> bytes:
    return b"From: a@b\nSubject: x\n\n" + b"begin 644 a\n#86)C\n" * MANY


def page_of_many() -> bytes:
    links = (base64.b64encode(b"<b>%d" % each) for each in range(MANY))
    return b"<html>" + b"".join(
        b"<a href='data:text/html;base64,%s'>" % link for link in links
    )


def pdf_of_many() -> bytes:
    return document(*(stream(each, b"%d" % each) for each in range(1, MANY)))


def tnef_of_many() -> bytes:
    data = b"\x78\x9f\x3e\x22\0\0"
    for each in range(MANY):
        content = b"%d" % each
        for kind in (0x00069002, 0x0006800F):
            data += struct.pack("<BII", 2, kind, len(content)) + content
            data += struct.pack("<H", sum(content))
    return data


# Overlaps and bombs: more bytes than are allowed, from few.


def iso_of_one_extent() -> bytes:
    """Many files over the same bytes, each of another length."""

    def record(name: bytes, sector: int, size: int, flags: int = 0) -> bytes:
        data = b"\0" + struct.pack("<I", sector) + struct.pack(">I", sector)
        data += struct.pack("<I", size) + struct.pack(">I", size)
        data += bytes(7) + bytes((flags,)) + bytes(6) + bytes((len(name),)) + name
        data += b"\0" * (~len(data) & 1)
        return bytes((len(data) + 1,)) + data

    folder, sector = b"", record(b"\0", 20, SECTOR, 2)
    for number in range(200):
        one = record(b"F%05d" % number, 100, len(NOISE) - number)
        if len(sector) + len(one) > SECTOR:
            folder, sector = folder + sector.ljust(SECTOR, b"\0"), b""
        sector += one
    folder += sector.ljust(SECTOR, b"\0")
    root = record(b"\0", 20, len(folder), 2)
    head = b"\1CD001\1" + bytes(81 + 40) + struct.pack("<H", SECTOR) + bytes(26) + root
    data = bytes(16 * SECTOR) + head.ljust(4 * SECTOR, b"\0") + folder
    return data.ljust(100 * SECTOR, b"\0") + NOISE


def ole_of_one_chain() -> bytes:
    """Many streams over the same sectors."""
    writer = Writer({})
    first = writer.chain(NOISE)
    entries = []
    for number in range(200):
        name = ("Root Entry" if not number else f"s{number}").encode("utf-16-le")
        kind, child = (2, FREE) if number else (5, 1)
        right = number + 1 if 0 < number < 199 else FREE
        start, size = (first, len(NOISE) - number) if number else (END, 0)
        fields = (name, len(name) + 2, kind, 1, FREE, right, child, start, size)
        entries.append(struct.pack("<64sHBBIII36xIQ", *fields))
    directory = writer.chain(b"".join(entries))
    return writer._header(directory, writer.chain(b"\xff" * 512))  # noqa: SLF001


def deflated_thrice() -> bytes:
    data = bytes(80 * MIB)
    for _ in range(3):
        data = zlib.compress(data, 9)
    filters = b"/Filter[/FlateDecode/FlateDecode/FlateDecode]"
    return document(stream(1, data, filters))


def movie_bomb() -> bytes:
    return b"CWS\x09\xff\xff\xff\xff" + zlib.compress(bytes(80 * MIB), 9)


def disk_bomb() -> bytes:
    packed = zlib.compress(bytes(MIB), 9)
    chunks = [(0x80000005, at * 2048, 2048, 0, len(packed)) for at in range(100)]
    head = struct.pack(">4s12xQQ168xI", b"mish", 100 * 2048, 0, len(chunks))
    table = head + b"".join(struct.pack(">I4xQQQQ", *chunk) for chunk in chunks)
    text = b"<plist><data>\n%s\n</data></plist>" % base64.encodebytes(table)
    sizes = (4, 0, len(packed), len(text))
    trailer = struct.pack(">4sI16xQ184xQQ", b"koly", *sizes)
    return packed + text + trailer.ljust(512, b"\0")


def base_85_bomb() -> bytes:
    return document(stream(1, b"z" * 20 * MIB + b"~>", b"/Filter/ASCII85Decode"))


# What goes in circles, or nests without an end.


def documents_without_headers() -> bytes:
    return b"%PDF-1.4\n" + b"1 0 obj<</Length 9>>stream\n" * 20_000


def strings_without_ends() -> bytes:
    return b"%PDF-1.4\n" + b"1 0 obj(" * 40_000


def references_in_circles() -> bytes:
    circle = b"".join(b"%d 0 obj %d 0 R\n" % (at, at % 50 + 1) for at in range(1, 51))
    one = b"99 0 obj<</Length 1 0 R/Filter 2 0 R>>stream\n%s\nendstream\n" % NEEDLE
    return b"%PDF-1.4\n" + circle + one


def messages_in_messages() -> bytes:
    head = b"From: a@b\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    return head * 40 + b"From: a@b\n\ntext"


FLOODS = [
    zip_of_many,
    tar_of_many,
    mail_of_many,
    mail_of_many_uuencoded,
    page_of_many,
    pdf_of_many,
    tnef_of_many,
]
BOMBS = [
    iso_of_one_extent,
    ole_of_one_chain,
    deflated_thrice,
    movie_bomb,
    disk_bomb,
    base_85_bomb,
]
DEEP = [documents_without_headers, strings_without_ends, messages_in_messages]


@pytest.mark.parametrize("made", FLOODS, ids=lambda made: made.__name__)
def test_a_flood_ends_at_the_limit_of_parts(
    made: Callable[[], bytes], scan: Callable[[bytes], Result]
) -> None:
    result = scan(made())
    assert result.reasons & Reason.PARTS_LIMIT
    assert result.parts <= PARTS


@pytest.mark.parametrize("made", BOMBS, ids=lambda made: made.__name__)
def test_a_bomb_ends_at_the_limit_of_bytes(
    made: Callable[[], bytes], scan: Callable[[bytes], Result]
) -> None:
    assert scan(made()).reasons & Reason.SIZE_LIMIT


@pytest.mark.parametrize("made", DEEP, ids=lambda made: made.__name__)
def test_what_nests_without_an_end_is_said(
    made: Callable[[], bytes], scan: Callable[[bytes], Result]
) -> None:
    assert scan(made()).reasons & (Reason.DEPTH_LIMIT | Reason.SIZE_LIMIT)


def test_references_in_circles_hide_nothing(scan: Callable[[bytes], Result]) -> None:
    assert scan(references_in_circles()).rules


@pytest.mark.parametrize("pack", [zlib.compress, bz2.compress, lzma.compress])
def test_a_payload_behind_a_bomb_is_not_called_clean(
    pack: Callable[[bytes], bytes], scan: Callable[[bytes], Result]
) -> None:
    result = scan(pack(bytes(80 * MIB) + NEEDLE))
    assert result.rules or result.reasons & Reason.SIZE_LIMIT
    assert scan(pack(bytes(8 * MIB) + NEEDLE)).rules


def test_two_formats_in_one_file_are_both_opened(
    scan: Callable[[bytes], Result],
) -> None:
    picture = b"GIF89a\1\0\1\0\0\0\0;"
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", NEEDLE * 9)
    paper = document(stream(1, zlib.compress(NEEDLE * 9), b"/Filter/FlateDecode"))
    for front in (picture, paper.replace(b"needle", b"nothing"), b"<html>" * 9):
        assert scan(front + archive.getvalue()).rules
    assert scan(picture + paper).rules
