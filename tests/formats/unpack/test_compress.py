"""Behaviour of the reader of compress(1)'s output."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.reader import Reader
from clearward.formats import heavy
from clearward.formats.unpack import compress

TOOL = shutil.which("compress")


@pytest.fixture(autouse=True)
def _loaded() -> None:
    heavy.load()


def packed(content: bytes) -> bytes:
    """Codes of nine bits, the table cleared before a tenth bit is needed."""
    codes: list[int] = []
    bits = count = 0
    out = bytearray(b"\x1f\x9d\x90")
    for start in range(0, len(content), 200):
        codes += content[start : start + 200]
    for code in codes[:250]:
        bits |= code << count
        count += 9
    return bytes(out) + bits.to_bytes((count + 7) // 8, "little")


@given(st.binary(min_size=1, max_size=200))
def test_the_content_comes_back(content: bytes) -> None:
    assert contents(compress.unpack(Reader.of(packed(content)))) == [content]


def test_a_code_that_cannot_be_is_damage() -> None:
    wrong = b"\x1f\x9d\x90" + (65 | 400 << 9).to_bytes(3, "little")
    _, _, field = collect(compress.unpack(Reader.of(wrong)))
    assert field


@pytest.mark.skipif(TOOL is None, reason="needs compress")
def test_what_compress_writes_is_read() -> None:
    content = b"".join(b"%d " % number for number in range(50_000))
    ran = subprocess.run(
        ["compress", "-c"], input=content, capture_output=True, check=True
    )
    assert contents(compress.unpack(Reader.of(ran.stdout))) == [content]


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_a_part_or_an_error(data: bytes) -> None:
    collect(compress.unpack(Reader.of(b"\x1f\x9d" + data)))
