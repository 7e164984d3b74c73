"""Behaviour of the reader of web archives."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import warc


def record(block: bytes, *fields: bytes) -> bytes:
    lines = (b"WARC/1.1", b"Content-Length: %d" % len(block), *fields)
    return b"\r\n".join(lines) + b"\r\n\r\n" + block + b"\r\n\r\n"


def answer(content: bytes, *fields: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 200 OK", *fields)) + b"\r\n\r\n" + content


@given(st.lists(st.binary(max_size=100), max_size=4))
def test_every_record_is_a_part(blocks: list[bytes]) -> None:
    blocks = [b"." + block for block in blocks]
    data = b"".join(map(record, blocks))
    assert contents(warc.unpack(Reader.of(data))) == blocks


def test_a_record_is_named_for_its_address() -> None:
    data = record(b"content", b"WARC-Type: resource", b"WARC-Target-URI: <a:b>")
    assert named(warc.unpack(Reader.of(data))) == [(b"a:b", b"content")]


def test_what_a_server_answered_is_a_part_besides() -> None:
    block = answer(b"content", b"Content-Type: text/plain")
    assert contents(warc.unpack(Reader.of(record(block)))) == [block, b"content"]


def test_chunks_are_joined() -> None:
    block = answer(
        b"3\r\ncon\r\n4;a=b\r\ntent\r\n0\r\n\r\n", b"transfer-encoding: chunked"
    )
    assert contents(warc.unpack(Reader.of(record(block)))) == [block, b"content"]


def test_what_is_no_chunk_is_taken_as_it_is() -> None:
    block = answer(b"3\r\ncon\r\nwhat", b"Transfer-Encoding: chunked")
    assert contents(warc.unpack(Reader.of(record(block))))[1] == b"con\r\nwhat"


def test_content_compressed_without_a_magic_is_a_gap() -> None:
    for name, due in [(b"br", [Reason.UNSUPPORTED]), (b"gzip", [])]:
        block = answer(gzip.compress(b"content"), b"Content-Encoding: " + name)
        assert gaps(warc.unpack(Reader.of(record(block)))) == due


def test_a_record_that_goes_on_elsewhere_is_a_gap() -> None:
    data = record(b"content", b"WARC-Type: continuation")
    assert gaps(warc.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]


def test_a_record_longer_than_the_archive_is_truncated() -> None:
    data = record(b"first") + record(b"second")[:-7]
    parts, _, field = collect(warc.unpack(Reader.of(data)))
    assert (parts, field) == ([b"first", b"sec"], "length")
    with pytest.raises(Truncated):
        contents(warc.unpack(Reader.of(data)))


def test_what_is_no_record_is_a_part_and_damage() -> None:
    data = record(b"first") + b"something else"
    parts, _, field = collect(warc.unpack(Reader.of(data)))
    assert (parts, field) == ([b"first", b"something else"], "record")


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    data = b"WARC/1.0" + data + record(b"x")
    try:
        contents(warc.unpack(Reader.of(data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
