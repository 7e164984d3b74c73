"""Behaviour of the reader of files that are set into plain text."""

import base64
import binascii
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import contents, named

from clearward.core.reader import CHUNK, Reader
from clearward.formats.unpack import uuencode

NO_TOOL = "uuencode of sharutils is not installed"


def encoded(data: bytes, name: bytes = b"a") -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n"


def known(data: bytes) -> bool:
    return uuencode.recognises(data[: 64 * 1024], Reader.of(data))


@given(st.lists(st.binary(max_size=100), min_size=1, max_size=4))
def test_each_file_in_a_text_comes_back(files: list[bytes]) -> None:
    text = b"text\n" + b"text\n".join(map(encoded, files)) + b"text\n"
    assert known(text)
    assert contents(uuencode.unpack(Reader.of(text))) == files


@pytest.mark.parametrize(
    ("text", "name", "content"),
    [
        (b"begin 644 a b\n#86)C\nend\n", b"a b", b"abc"),
        (b"begin 100644 a\r\n#86)C\r\n", b"a", b"abc"),
        (b"begin 644 a\r#86)C\rend\r", b"a", b"abc"),
        (b"\n\ntext\nbegin  755  a\n#86)C", b"a", b"abc"),
        (b"begin-base64 644 a\nYWJj\n====\n", b"a", b"abc"),
        (b"=ybegin line=128 size=2 name=a\r\nkl\r\n=yend size=2\r\n", b"a", b"AB"),
    ],
)
def test_files_are_known_by_their_first_line(
    text: bytes, name: bytes, content: bytes
) -> None:
    assert known(text)
    assert named(uuencode.unpack(Reader.of(text))) == [(name, content)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"begin",
        b"begin 644",
        b"begin 644 \n",
        b"begin 999 a\n",
        b"to begin 644 a\n",
        b"begin reading here\n",
        b"beginning 644 a\n",
        b"\n" * 20_000 + encoded(b"far down"),
    ],
)
def test_other_text_holds_no_file(text: bytes) -> None:
    assert not known(text)


def test_files_far_behind_the_first_are_found() -> None:
    text = encoded(b"first") + b"x" * CHUNK * 2 + b"\n" + encoded(b"second")
    assert contents(uuencode.unpack(Reader.of(text))) == [b"first", b"second"]


def test_text_without_a_file_has_no_part() -> None:
    assert contents(uuencode.unpack(Reader.of(b"text"))) == []


@pytest.mark.skipif(shutil.which("uuencode") is None, reason=NO_TOOL)
@pytest.mark.parametrize("option", [[], ["-m"]])
def test_what_uuencode_writes_comes_back(option: list[str]) -> None:
    data = bytes(range(256)) * 20
    text = subprocess.run(
        ["uuencode", *option, "a.bin"], input=data, capture_output=True, check=True
    ).stdout
    assert named(uuencode.unpack(Reader.of(text))) == [(b"a.bin", data)]


def test_base64_of_mail_is_not_mistaken_for_it() -> None:
    assert not known(base64.encodebytes(bytes(1000)))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_and_no_error(data: bytes) -> None:
    text = b"begin 644 a\n" + data
    assert known(text)
    for part in contents(uuencode.unpack(Reader.of(text))):
        assert len(part) <= 63 * len(text)
