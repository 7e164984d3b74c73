"""Behaviour of streams and comments in RAR archives."""

from zlib import crc32

import pytest
from support import rar as made
from support import rar_packing as packing
from support.parts import collect, named
from support.rar import Entry, number

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy
from clearward.formats.unpack import rar

STREAM = b"what stands beside a file"
PLAIN = Entry(b"a", b"a file")


@pytest.fixture(autouse=True)
def _loaded() -> None:
    heavy.load()


def service_old(entry: Entry) -> bytes:
    """A service has the fields of a file."""
    data = bytearray(made.file_old(entry))
    size = int.from_bytes(data[5:7], "little")
    data[2] = 0x7A
    data[:2] = (crc32(data[2:size]) & 0xFFFF).to_bytes(2, "little")
    return bytes(data)


def archive_old(service: bytes) -> bytes:
    whole = made.old(PLAIN)
    return whole[:-7] + service + whole[-7:]


@pytest.mark.parametrize("name", [b"STM", b"CMT"])
def test_those_of_rar_3_are_parts(name: bytes) -> None:
    data = archive_old(service_old(Entry(name, STREAM)))
    assert named(rar.unpack(Reader.of(data))) == [(b"a", b"a file"), (name, STREAM)]


def test_those_of_rar_3_may_be_packed() -> None:
    entry = Entry(b"STM", STREAM, method=0x33, packed=packing.third(STREAM))
    data = archive_old(service_old(entry))
    assert (b"STM", STREAM) in named(rar.unpack(Reader.of(data)))


def test_other_services_are_not() -> None:
    data = archive_old(service_old(Entry(b"RR", STREAM)))
    assert named(rar.unpack(Reader.of(data))) == [(b"a", b"a file")]


def service_new(name: bytes, content: bytes, extra: bytes = b"") -> bytes:
    fields = number(4) + number(len(content)) + number(0)
    fields += crc32(content).to_bytes(4, "little")
    fields += number(0) + number(1) + number(len(name)) + name + extra
    area = number(len(extra)) if extra else b""
    flags = number(2 | bool(extra))
    body = number(3) + flags + area + number(len(content)) + fields
    body = number(len(body)) + body
    return crc32(body).to_bytes(4, "little") + body + content


def archive_new(service: bytes) -> bytes:
    end = made.block_new(5, 0, number(0))
    return made.new(PLAIN).removesuffix(end) + service + end


@pytest.mark.parametrize("name", [b"STM", b"CMT"])
def test_those_of_rar_5_are_parts(name: bytes) -> None:
    data = archive_new(service_new(name, STREAM))
    assert named(rar.unpack(Reader.of(data))) == [(b"a", b"a file"), (name, STREAM)]


def test_one_that_is_encrypted_is_a_gap() -> None:
    record = number(1) + number(0) + number(0) + b"\3" + bytes(32)
    extra = number(len(record)) + record
    data = archive_new(service_new(b"STM", STREAM, extra))
    parts, gaps, _ = collect(rar.unpack(Reader.of(data)))
    assert parts == [b"a file"]
    assert gaps == [Reason.ENCRYPTED]
