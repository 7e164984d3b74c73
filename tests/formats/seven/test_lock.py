"""Behaviour of encryption in 7z: the right password opens, any other does not."""

import hashlib
import io
from collections.abc import Iterator

import py7zr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, named

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy, passwords
from clearward.formats.seven.keys import MOST_LOCKED, MOST_ROUNDS, Keys
from clearward.formats.seven.lock import METHOD, Lock, lock_of
from clearward.formats.unpack import seven_zip

WORD = "open sesame \N{SNOWMAN}"
VECTOR = bytes(range(16))


@pytest.fixture(autouse=True)
def given_words() -> Iterator[None]:
    heavy.load()
    passwords.give(["wrong", WORD])
    yield
    passwords.give([])


def locked(content: bytes, word: str, *, names: bool, method: int) -> bytes:
    out = io.BytesIO()
    filters = [{"id": method}, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}]
    with py7zr.SevenZipFile(
        out, "w", filters=filters, password=word, header_encryption=names
    ) as made:
        made.writestr(content, "a")
        made.writestr(content[:7], "b")
    return out.getvalue()


@pytest.mark.parametrize("names", [False, True], ids=["plain header", "locked header"])
@pytest.mark.parametrize("method", [py7zr.FILTER_COPY, py7zr.FILTER_LZMA2])
@pytest.mark.parametrize("size", [16, 45, 300_000])
def test_a_password_that_was_given_opens(
    size: int, method: int, *, names: bool
) -> None:
    content = (b"content of some length " * 20_000)[:size]
    data = locked(content, WORD, names=names, method=method)
    found = named(seven_zip.unpack(Reader.of(data)))
    assert (b"a", content) in found
    assert (b"b", content[:7]) in found


@pytest.mark.parametrize("names", [False, True], ids=["plain header", "locked header"])
def test_what_no_password_opens_is_encrypted(*, names: bool) -> None:
    data = locked(bytes(99), "something else", names=names, method=py7zr.FILTER_COPY)
    parts, said, error = collect(seven_zip.unpack(Reader.of(data)))
    assert set(said) == {Reason.ENCRYPTED}
    assert bytes(99) not in parts
    assert not error


def slow_key(power: int, salt: bytes, password: str) -> bytes:
    digest = hashlib.sha256()
    for count in range(1 << power):
        digest.update(salt + password.encode("utf-16-le") + count.to_bytes(8, "little"))
    return digest.digest()


@pytest.mark.parametrize("power", [0, 1, 8, 9, 17])
@pytest.mark.parametrize("salt", [b"", b"salt"])
def test_a_key_is_what_its_rounds_make_it(power: int, salt: bytes) -> None:
    key = Lock(power, salt, VECTOR).key(WORD.encode())
    assert key == slow_key(power, salt, WORD)


def test_a_key_without_rounds_is_salt_and_password() -> None:
    lock = Lock(0x3F, b"ab", VECTOR)
    assert lock.key(b"c") == b"abc\0".ljust(32, b"\0")
    assert lock.rounds == 1


def test_properties_say_rounds_salt_and_vector() -> None:
    properties = bytes((0xC0 | 19, 0x2F)) + b"abc" + VECTOR
    assert lock_of(METHOD, properties) == Lock(19, b"abc", VECTOR)
    assert lock_of(METHOD, bytes((19,))) == Lock(19, b"", bytes(16))


@pytest.mark.parametrize(
    "properties", [b"", bytes((25,)), bytes((0xD3, 0xFF)) + b"few"]
)
def test_properties_that_cannot_be_are_no_lock(properties: bytes) -> None:
    assert lock_of(METHOD, properties) is None
    assert lock_of(b"\x06\x01", VECTOR) is None


@given(st.binary(max_size=40))
def test_arbitrary_properties_are_a_lock_or_none(properties: bytes) -> None:
    lock = lock_of(METHOD, properties)
    assert lock is None or len(lock.vector) == 16


def test_no_more_work_is_done_for_one_archive_than_is_bearable() -> None:
    keys = Keys()
    heavy_lock = Lock(24, b"", VECTOR)
    keys._rounds = (1 << 10) + 5  # noqa: SLF001 - else the test takes as long
    assert MOST_ROUNDS < 1 << 26
    assert keys.key(heavy_lock, b"a") is None
    light = Lock(10, b"", VECTOR)
    assert keys.key(light, b"a") == keys.key(light, b"a")
    assert keys.key(light, b"b") is None


def test_what_opened_is_tried_first_and_trying_ends() -> None:
    keys = Keys()
    for password in keys.passwords():
        if password == WORD.encode():
            break
    assert next(keys.passwords()) == WORD.encode()
    for _ in range(MOST_LOCKED):
        assert list(keys.passwords())
    assert not list(keys.passwords())
