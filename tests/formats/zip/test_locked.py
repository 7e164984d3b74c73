"""Behaviour with encrypted members: passwords that are worth a try are tried."""

import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterator

import pytest
from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy, passwords
from clearward.formats.unpack import mail, zip
from clearward.formats.zip.crypto import CRC, KEYS, MULTIPLIER

TEXT = b"a line that is locked away\n" * 40


@pytest.fixture(autouse=True)
def libraries() -> None:
    heavy.load()


@pytest.fixture
def given_one() -> Iterator[None]:
    passwords.give(["of my own"])
    yield
    passwords.give([])


def zip_crypto(plain: bytes, password: bytes) -> bytes:
    """Encrypt as APPNOTE 6.1 has it, beside the reader's own way."""
    keys = list(KEYS)

    def step(byte: int) -> None:
        keys[0] = keys[0] >> 8 ^ CRC[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * MULTIPLIER + 1) & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ CRC[(keys[2] ^ keys[1] >> 24) & 255]

    for byte in password:
        step(byte)
    output = bytearray()
    for byte in plain:
        key = (keys[2] | 2) & 0xFFFF
        output.append(byte ^ (key * (key ^ 1) >> 8 & 255))
        step(byte)
    return bytes(output)


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def archive(
    data: bytes,
    *,
    method: int = 8,
    flags: int = 1,
    extra: bytes = b"",
    crc: int | None = None,
) -> bytes:
    crc = zlib.crc32(TEXT) if crc is None else crc
    numbers = struct.pack("<HHIIII", flags, method, 0, crc, len(data), len(TEXT))
    names = struct.pack("<HH", 1, len(extra))
    local = b"PK\3\4\x14\0" + numbers + names + b"a" + extra + data
    record = b"PK\1\2\x14\0\x14\0" + numbers + names + bytes(14) + b"a" + extra
    end = struct.pack("<4s4HIIH", b"PK\5\6", 0, 0, 1, 1, len(record), len(local), 0)
    return local + record + end


def old(password: bytes, *, method: int = 8, flags: int = 1) -> bytes:
    packed = deflated(TEXT) if method else TEXT
    check = zlib.crc32(TEXT) >> 24
    header = bytes(11) + bytes([check if flags == 1 else 77])
    data = zip_crypto(header + packed, password)
    return archive(data, method=method, flags=flags)


def aes(password: bytes, *, strength: int = 3, version: int = 2) -> bytes:
    size = 8 + 8 * strength
    salt = bytes(range(size // 2))
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    counter = Counter.new(128, initial_value=1, little_endian=True)
    cipher = AES.new(keys[:size], AES.MODE_CTR, counter=counter)
    packed = cipher.encrypt(deflated(TEXT))
    check = hmac.digest(keys[size : 2 * size], packed, "sha1")[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", strength, 8)
    crc = 0 if version == 2 else None
    data = salt + keys[-2:] + packed + check
    return archive(data, method=99, extra=extra, crc=crc)


def opened(data: bytes) -> tuple[list[bytes], list[Reason]]:
    parts, gaps, _ = collect(zip.unpack(Reader.of(data)))
    return parts, gaps


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(old(b"infected"), id="deflated"),
        pytest.param(old(b"infected", method=0), id="stored"),
        pytest.param(old(b"123456", flags=9), id="checked by the time"),
        pytest.param(old(b"123456", flags=9, method=0), id="stored, by the time"),
        pytest.param(aes(b"infected"), id="AES-256"),
        pytest.param(aes(b"virus", strength=1), id="AES-128"),
        pytest.param(aes(b"virus", strength=2, version=1), id="AES-192 with CRC"),
    ],
)
def test_a_password_that_everybody_knows_opens(data: bytes) -> None:
    assert opened(data) == ([TEXT], [])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(old(b"of my own"), id="deflated"),
        pytest.param(old(b"of my own", method=0), id="stored"),
        pytest.param(old(b"of my own", flags=9), id="checked by the time"),
        pytest.param(aes(b"of my own"), id="AES"),
    ],
)
def test_any_other_keeps_it_locked_unless_it_was_given(
    data: bytes, request: pytest.FixtureRequest
) -> None:
    assert opened(data) == ([], [Reason.ENCRYPTED])
    request.getfixturevalue("given_one")
    assert opened(data) == ([TEXT], [])


def test_words_of_the_mail_around_it_are_tried() -> None:
    message = (
        b"From: a@example.org\nSubject: bill\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="X"\n\n--X\n\n'
        b'Here it is. The password is: "Krokus_77". Bye\n'
        b"--X\nContent-Type: application/zip\n\n"
    )
    locked = old(b"Krokus_77")
    found = [
        part
        for item in mail.unpack(Reader.of(message + b"attached\n--X--\n"))
        for part in [*contents([item]), *opened(locked)[0]]
    ]
    assert TEXT in found
    assert opened(locked) == ([], [Reason.ENCRYPTED])


def test_many_locked_members_do_not_take_long() -> None:
    one = old(b"of my own", flags=9)
    local = one[: one.index(b"PK\1\2")]
    _, gaps = opened(local * 500)
    assert gaps.count(Reason.ENCRYPTED) >= 500


def test_aes_that_was_changed_stays_locked() -> None:
    data = bytearray(aes(b"infected"))
    data[100] ^= 1
    assert opened(bytes(data))[0] == []
    assert Reason.ENCRYPTED in opened(bytes(data))[1]


@given(st.binary(max_size=200), st.sampled_from([(8, 1), (0, 1), (99, 1), (8, 9)]))
def test_arbitrary_bytes_raise_nothing(data: bytes, how: tuple[int, int]) -> None:
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 8)
    opened(archive(data, method=how[0], flags=how[1], extra=extra))


def test_at_most_twenty_can_be_given() -> None:
    with pytest.raises(ValueError, match="at most 20"):
        passwords.give(["x"] * 21)
