"""Behaviour of encrypted RAR archives: a right password opens, any other does not.

The archives are encrypted here by the format's own rules; keys are compared with a slow
way to make them.
"""

import hashlib
from collections.abc import Iterator
from zlib import crc32

import pytest
from Cryptodome.Cipher import AES
from hypothesis import given, settings
from hypothesis import strategies as st
from support import rar as made
from support.parts import collect, named
from support.rar import Entry, number

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy, passwords
from clearward.formats.rar import keys, new, old
from clearward.formats.rar.joined import Joined, plain
from clearward.formats.unpack import rar

WORD = "Tür 7"
SALT = b"saltsaltsaltsalt"
VECTOR = bytes(range(16))
POWER = 3
CONTENT = b"content of some length, " * 40


@pytest.fixture(autouse=True)
def given_words() -> Iterator[None]:
    heavy.load()
    passwords.give(["wrong", WORD])
    yield
    passwords.give([])


def filled(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


def locked(data: bytes, key: bytes, vector: bytes) -> bytes:
    return bytes(AES.new(key, AES.MODE_CBC, iv=vector).encrypt(filled(data)))


# RAR 5.


def key_new(word: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", word.encode(), SALT, 1 << POWER)


def telling(word: str) -> bytes:
    value = hashlib.pbkdf2_hmac("sha256", word.encode(), SALT, (1 << POWER) + 32)
    told = bytearray(8)
    for place, byte in enumerate(value):
        told[place % 8] ^= byte
    return bytes(told) + hashlib.sha256(told).digest()[:4]


def file_new(name: bytes, content: bytes, word: str) -> bytes:
    record = number(1) + number(0) + number(3) + bytes((POWER,)) + SALT + VECTOR
    record += telling(word)
    extra = number(len(record)) + record
    data = locked(content, key_new(word), VECTOR)
    fields = number(4) + number(len(content)) + number(0o100644)
    fields += b"\xff\xff\xff\xff"  # a checksum that needs the key
    fields += number(0) + number(1) + number(len(name)) + name + extra
    body = number(2) + number(3) + number(len(extra)) + number(len(data)) + fields
    body = number(len(body)) + body
    return crc32(body).to_bytes(4, "little") + body + data


def archive_new(*blocks: bytes) -> bytes:
    return (
        made.NEW
        + made.block_new(1, 0, number(0))
        + b"".join(blocks)
        + made.block_new(5, 0, number(0))
    )


def headers_locked(word: str, *blocks: bytes) -> bytes:
    fields = number(0) + number(1) + bytes((POWER,)) + SALT + telling(word)
    lock = number(4) + number(0) + fields
    lock = number(len(lock)) + lock
    out = made.NEW + crc32(lock).to_bytes(4, "little") + lock
    for block in (made.block_new(1, 0, number(0)), *blocks):
        out += VECTOR + locked(block, key_new(word), VECTOR)
    return out


@pytest.mark.parametrize("size", [0, 15, 16, 17, 900])
def test_a_password_opens_files_of_rar_5(size: int) -> None:
    data = archive_new(
        file_new(b"a", CONTENT[:size], WORD),
        made.file_new(Entry(b"b", b"plain")),
        file_new(b"c", CONTENT, WORD),
    )
    found = named(rar.unpack(Reader.of(data)))
    assert (b"b", b"plain") in found
    assert (b"c", CONTENT) in found
    assert not size or (b"a", CONTENT[:size]) in found


def test_what_no_password_opens_is_said_and_the_rest_is_read() -> None:
    data = archive_new(
        file_new(b"a", CONTENT, "else"), made.file_new(Entry(b"b", b"plain"))
    )
    parts, gaps, _ = collect(rar.unpack(Reader.of(data)))
    assert parts == [b"plain"]
    assert Reason.ENCRYPTED in gaps


def test_encrypted_headers_of_rar_5_are_opened() -> None:
    data = headers_locked(WORD, made.block_new(5, 0, number(0)))
    assert collect(rar.unpack(Reader.of(data))) == ([], [], "")
    plainly = new.unlocked(Reader.of(data), iter([WORD.encode()]))
    assert plainly is not None
    assert plainly.at(0, 99) == archive_new()
    assert new.unlocked(Reader.of(data), iter([b"wrong"])) is None


# RAR 3.


def slow_key(word: str, salt: bytes) -> tuple[bytes, bytes]:
    digest, vector = hashlib.sha1(usedforsecurity=False), b""
    for count in range(1 << 18):
        digest.update(word.encode("utf-16-le") + salt + count.to_bytes(3, "little"))
        if count % (1 << 14) == 0:
            vector += digest.digest()[-1:]
    whole = digest.digest()
    return b"".join(whole[n : n + 4][::-1] for n in range(0, 16, 4)), vector


def test_a_key_of_rar_3_is_what_its_rounds_make_it() -> None:
    found = keys.key_old(WORD.encode(), SALT[:8])
    assert (found.key, found.vector) == slow_key(WORD, SALT[:8])


def file_old(name: bytes, content: bytes, word: str) -> bytes:
    key = keys.key_old(word.encode(), SALT[:8])
    data = locked(content, key.key, key.vector)
    fields = len(data).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    fields += b"\3" + crc32(content).to_bytes(4, "little") + bytes(4)
    fields += bytes((29, 0x30)) + len(name).to_bytes(2, "little")
    fields += (0o100644).to_bytes(4, "little") + name + SALT[:8]
    return made.block_old(0x74, 0x8404, fields, data)


def archive_old(*blocks: bytes, flags: int = 0) -> bytes:
    main = made.block_old(0x73, flags, bytes(6))
    return made.OLD + main + b"".join(blocks) + made.block_old(0x7B, 0x4000, b"")


def test_a_password_opens_files_of_rar_3() -> None:
    data = archive_old(
        made.file_old(Entry(b"b", b"plain")),
        file_old(b"a", CONTENT, WORD),
        file_old(b"c", b"short", WORD),
    )
    found = named(rar.unpack(Reader.of(data)))
    assert found == [(b"b", b"plain"), (b"a", CONTENT), (b"c", b"short")]


def test_a_file_under_another_password_stays_locked() -> None:
    data = archive_old(file_old(b"a", CONTENT, WORD), file_old(b"c", b"x", "else"))
    parts, gaps, _ = collect(rar.unpack(Reader.of(data)))
    assert parts == [CONTENT]
    assert gaps == [Reason.ENCRYPTED]


@pytest.mark.parametrize("word", [WORD, "else"])
def test_encrypted_headers_of_rar_3(word: str) -> None:
    key = keys.key_old(word.encode(), SALT[:8])
    block = made.file_old(Entry(b"a", b""))
    hidden = SALT[:8] + locked(block, key.key, key.vector)
    data = made.OLD + made.block_old(0x73, 0x80, bytes(6)) + hidden
    opened = old.unlocked(Reader.of(data), iter([WORD.encode()]))
    if word == WORD:
        assert opened is not None
        main = made.block_old(0x73, 0, bytes(6))
        assert opened.at(0, opened.size) == made.OLD + main + block
    else:
        assert opened is None


# Pieces, and damage.


@given(st.binary(max_size=99), st.integers(0, 110), st.integers(0, 110))
def test_reading_may_begin_anywhere(data: bytes, offset: int, size: int) -> None:
    key = bytes(range(32))
    content = filled(data)
    hidden = Reader.of(locked(data, key, VECTOR))
    joined = Joined()
    for piece in (Reader.of(b"front"), plain(hidden, key, VECTOR), Reader.of(b"end")):
        joined.add(piece)
    whole = b"front" + content + b"end"
    assert joined.reader().at(offset, size) == whole[offset : offset + size]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=120), st.sampled_from([made.OLD, made.NEW]))
def test_arbitrary_bytes_are_no_trouble(data: bytes, front: bytes) -> None:
    passwords.give([])
    collect(rar.unpack(Reader.of(front + data)))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_damage_is_no_trouble(place: int, junk: bytes) -> None:
    data = archive_new(file_new(b"a", CONTENT, WORD))
    place %= len(data)
    damaged = data[:place] + junk + data[place + len(junk) :]
    collect(rar.unpack(Reader.of(damaged)))
