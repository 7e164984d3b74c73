"""Behaviour of the ciphers of RAR 1.5 and 2.0."""

from collections.abc import Iterator
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar as made
from support import rar_packing as packing
from support.parts import contents, gaps
from support.rar import Entry

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy, passwords
from clearward.formats.rar import ciphers
from clearward.formats.unpack import rar

WORD = b"word"
TEXT = b"a text, a text, and no more of it"
ENCRYPTED = 4


@pytest.fixture(autouse=True)
def given_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    heavy.load()
    monkeypatch.setattr(passwords, "COMMON", ())
    passwords.give(["wrong", WORD.decode()])
    yield
    passwords.give([])


def locked_first(data: bytes, word: bytes = WORD) -> bytes:
    """What is decrypted by exclusive or is encrypted so."""
    return ciphers.first(word)(data)


def locked_second(data: bytes, word: bytes = WORD) -> bytes:
    key = ciphers.Key(word)
    data += bytes(-len(data) % 16)
    out = b""
    for at in range(0, len(data), 16):
        block = key.turned(data[at : at + 16], range(32))
        key.change(block)
        out += block
    return out


def table_row(number: int) -> int:
    for _ in range(8):
        number = number >> 1 ^ (0xEDB88320 if number & 1 else 0)
    return number


def test_the_rows_are_those_of_crc_32() -> None:
    assert list(ciphers.CRC) == [table_row(number) for number in range(256)]
    assert crc32(b"\0") == ciphers.CRC[0xFF] ^ 0xFF000000


def test_it_is_still_the_cipher_that_opened_an_archive_of_rar_2_02() -> None:
    found = ciphers.second(b"password")(bytes(range(32)))
    assert found.hex() == (
        "4a28f9036076bd693df2b78f7ed36237504f3f3ab86eb230306469fd0fbd0ad1"
    )


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_rar_2_0_encrypts_comes_back(data: bytes, word: bytes) -> None:
    found = ciphers.second(word)(locked_second(data, word))
    assert found == data + bytes(-len(data) % 16)


@given(st.binary(max_size=99), st.integers(0, 110), st.integers(0, 110))
def test_reading_may_begin_anywhere(data: bytes, offset: int, size: int) -> None:
    hidden = Reader.of(locked_first(data))
    plain = ciphers.plain(hidden, ciphers.first(WORD))
    assert plain is not None
    assert plain.at(offset, size) == data[offset : offset + size]


def test_what_is_too_long_to_be_kept_is_not_decrypted() -> None:
    endless = Reader(lambda _, size: bytes(size), ciphers.MOST + 1)
    assert ciphers.plain(endless, ciphers.first(WORD)) is None


def archive(version: int, word: bytes, *, stored: bool) -> bytes:
    pack = packing.packed_first if version < 20 else packing.second
    lock = locked_first if version < 20 else locked_second
    packed = lock(TEXT if stored else pack(TEXT), word)
    method = 0x30 if stored else 0x33
    plain = Entry(b"b", b"plain", version=version)
    return made.old(Entry(b"a", TEXT, ENCRYPTED, method, version, packed), plain)


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("version", [15, 20, 26])
def test_a_password_opens_older_archives(version: int, *, stored: bool) -> None:
    data = archive(version, WORD, stored=stored)
    assert contents(rar.unpack(Reader.of(data))) == [TEXT, b"plain"]
    data = archive(version, b"another one", stored=stored)
    assert contents(rar.unpack(Reader.of(data))) == [b"plain"]
    assert gaps(rar.unpack(Reader.of(data))) == [Reason.ENCRYPTED]
