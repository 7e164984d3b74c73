"""Behaviour of the reader of documents that are one XML file."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents, gaps, named

from clearward.core.reader import CHUNK, Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import flatxml

TEXT = base64.b64encode(b"content")


def parts(data: bytes) -> list[bytes]:
    return contents(flatxml.unpack(Reader.of(data)))


@pytest.mark.parametrize(
    "element",
    [
        b"<pkg:binaryData>%s</pkg:binaryData>",
        b"<w:binData w:name='a' xml:space='x'>%s</w:binData>",
        b"<office:binary-data>\r\n %s\n</office:binary-data>",
        b"<chunk>%s</chunk>",
        b"<CHUNK\n><![CDATA[%s]]></chunk>",
        b"<binData>%s",
        b"<binaryData >&#89;%s",
    ],
)
def test_what_an_element_holds_comes_back(element: bytes) -> None:
    text = TEXT[1:] if b"&#" in element else TEXT[:4] + b"\n " + TEXT[4:]
    assert parts(b"<?xml?><a>" + element % text) == [b"content"]


def test_a_file_keeps_its_name() -> None:
    data = b'<w:binData w:name="editdata.mso">' + TEXT
    assert named(flatxml.unpack(Reader.of(data))) == [(b"editdata.mso", b"content")]


@pytest.mark.parametrize("before", range(CHUNK - 40, CHUNK + 3, 4))
def test_what_lies_over_two_chunks_is_found(before: int) -> None:
    data = b" " * before + b"<a:binData>" + TEXT + b"</a:binData><chunk>QQ</chunk>"
    assert parts(data) == [b"content", b"A"]


def test_an_element_beyond_its_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flatxml, "MOST", 100)
    data = b"<chunk>" + TEXT * 99
    assert gaps(flatxml.unpack(Reader.of(data))) == [Reason.MEMORY_LIMIT]


@pytest.mark.parametrize("unit", [b"<", b"<chunk", b"<chunk>", b"<a:", b"a", b"&#1;"])
def test_no_document_takes_longer_than_its_length_asks(unit: bytes) -> None:
    start = time.process_time()
    parts(b"<chunk>" + unit * ((1 << 19) // len(unit)))
    assert time.process_time() - start < 3


@given(st.binary(max_size=99))
def test_arbitrary_bytes_give_parts_no_longer_than_they_are(data: bytes) -> None:
    assert sum(map(len, parts(b"<chunk>" + data))) <= len(data)
