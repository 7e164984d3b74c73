"""Behaviour of encrypted PDF files, built by the rules of each revision."""

import hashlib
import zlib

import pytest
from Cryptodome.Cipher import AES, ARC4
from support.parts import gaps, named
from support.pdf import document, entry, stream

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.pdf.locks import PADDING
from clearward.formats.unpack import pdf

ID = b"0123456789abcdef"
OWNER = b"o" * 32
MARK = b"a payload " * 3
CFM = b"/CF << /StdCF << /CFM /%b >> >> /StmF /StdCF /StrF /StdCF"


def md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def string(raw: bytes) -> bytes:
    return b"<" + raw.hex().encode() + b">"


def key_of(password: bytes, revision: int, size: int) -> bytes:
    padded = (password + PADDING)[:32]
    key = md5(padded + OWNER + b"\xfc\xff\xff\xff" + ID)
    for _ in range(50 if revision > 2 else 0):
        key = md5(key[:size])
    return key[:size]


def user_of(key: bytes, revision: int) -> bytes:
    if revision == 2:
        return ARC4.new(key).encrypt(PADDING)
    known = md5(PADDING + ID)
    for step in range(20):
        known = ARC4.new(bytes(each ^ step for each in key)).encrypt(known)
    return known + bytes(16)


def aes(key: bytes, data: bytes) -> bytes:
    pad = 16 - len(data) % 16
    cipher = AES.new(key, AES.MODE_CBC, b"v" * 16)
    return b"v" * 16 + cipher.encrypt(data + bytes((pad,)) * pad)


def file_with(encrypt: bytes, packed: bytes, script: bytes) -> bytes:
    return document(
        stream(1, packed, b"/Filter /FlateDecode"),
        entry(2, b"<< /JS %b >>" % string(script)),
        entry(9, b"<< /Filter /Standard /P -4 %b >>" % encrypt),
        trailer=b"/Encrypt 9 0 R /ID [%b %b]" % (string(ID), string(ID)),
    )


def md5_file(revision: int, size: int, method: bytes, password: bytes = b"") -> bytes:
    key = key_of(password, revision, size)

    def locked(number: int, data: bytes) -> bytes:
        salt = b"sAlT" if method == b"AESV2" else b""
        own = md5(key + bytes((number, 0, 0, 0, 0)) + salt)[: min(size + 5, 16)]
        if method == b"AESV2":
            return aes(own, data)
        return ARC4.new(own).encrypt(data)

    version = {2: 1, 3: 2, 4: 4}[revision]
    encrypt = b"/V %d /R %d /Length %d /O %b /U %b" % (
        version, revision, size * 8, string(OWNER), string(user_of(key, revision)),
    )  # fmt: skip
    if version == 4:
        encrypt += CFM % method
    return file_with(encrypt, locked(1, zlib.compress(MARK)), locked(2, b"one();"))


def sha_file() -> bytes:
    key = b"k" * 32
    user = hashlib.sha256(b"verified").digest() + b"verified" + b"the keys"
    wrapped = AES.new(
        hashlib.sha256(b"the keys").digest(), AES.MODE_CBC, bytes(16)
    ).encrypt(key)
    encrypt = b"/V 5 /R 5 /O %b /U %b /UE %b" % (
        string(b"o" * 48), string(user), string(wrapped),
    )  # fmt: skip
    packed = aes(key, zlib.compress(MARK))
    return file_with(encrypt + CFM % b"AESV3", packed, aes(key, b"one();"))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(md5_file(2, 5, b"V2"), id="RC4 40"),
        pytest.param(md5_file(3, 16, b"V2"), id="RC4 128"),
        pytest.param(md5_file(3, 10, b"V2"), id="RC4 80"),
        pytest.param(md5_file(4, 16, b"V2"), id="RC4 by crypt filter"),
        pytest.param(md5_file(4, 16, b"AESV2"), id="AES 128"),
        pytest.param(sha_file(), id="AES 256"),
    ],
)
def test_what_asks_for_no_password_is_opened(data: bytes) -> None:
    found = list(named(pdf.unpack(Reader.of(data))))
    assert (b"object 1", MARK) in found
    assert any(b"one();" in text for name, text in found if name == b"javascript")
    assert gaps(pdf.unpack(Reader.of(data))) == []


def test_what_asks_for_a_password_is_a_gap() -> None:
    data = md5_file(3, 16, b"V2", b"secret")
    assert gaps(pdf.unpack(Reader.of(data))) == [Reason.ENCRYPTED]


@pytest.mark.parametrize("encrypt", [b"/V 9 /R 3", b"/V 2 /R 3", b"/V 5 /R 6"])
def test_a_lock_that_is_not_known_hides_nothing_that_is_plain(encrypt: bytes) -> None:
    data = file_with(encrypt, zlib.compress(MARK), b"one();")
    found = list(named(pdf.unpack(Reader.of(data))))
    assert (b"object 1", MARK) in found
    assert (b"javascript", b"one();") in found
    assert Reason.ENCRYPTED in gaps(pdf.unpack(Reader.of(data)))


def test_a_lock_over_plain_bytes_hides_nothing() -> None:
    data = md5_file(3, 16, b"V2")
    packed = zlib.compress(MARK).hex().encode() + b">"
    data += document(stream(5, packed, b"/Filter [/AHx /Fl]"))
    assert (b"object 5", MARK) in named(pdf.unpack(Reader.of(data)))
