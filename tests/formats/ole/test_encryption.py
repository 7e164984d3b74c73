"""Behaviour of what opens encrypted packages of Office."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from struct import pack

import pytest
from Cryptodome.Cipher import AES
from hypothesis import given
from hypothesis import strategies as st
from support.ole import compound
from support.parts import gaps, named

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import passwords
from clearward.formats.ole import encryption
from clearward.formats.unpack import ole

SALT = bytes(range(16))
SECRET = bytes(range(100, 132))
CONTENT = b"PK\x03\x04 a package of several segments " * 300
KNOWN = encryption.PASSWORDS[0]


def digest(name: str, *data: bytes) -> bytes:
    return hashlib.new(name, b"".join(data)).digest()


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


def agile(password: str, rounds: int = 20) -> dict[str, bytes]:
    """Streams of a package that is encrypted as MS-OFFCRYPTO 2.3.4.10 says."""
    value = digest("sha512", SALT, password.encode("utf-16-le"))
    for count in range(min(rounds, 20)):
        value = digest("sha512", pack("<I", count), value)

    def locked(block: bytes, data: bytes) -> str:
        key = digest("sha512", value, block)[:32]
        return b64encode(AES.new(key, AES.MODE_CBC, SALT).encrypt(data)).decode()

    salt = b64encode(SALT).decode()
    given_input = locked(encryption.INPUT_BLOCK, b"verifier" * 2)
    given_value = locked(encryption.VALUE_BLOCK, digest("sha512", b"verifier" * 2))
    xml = (
        f'<encryption><keyData hashAlgorithm="SHA512" saltValue="{salt}"/>'
        f'<p:encryptedKey spinCount="{rounds}" keyBits="256" hashAlgorithm="SHA512" '
        f'saltValue="{salt}" encryptedVerifierHashInput="{given_input}" '
        f'encryptedVerifierHashValue="{given_value}" '
        f'encryptedKeyValue="{locked(encryption.KEY_BLOCK, SECRET)}"/></encryption>'
    )
    package = pack("<Q", len(CONTENT))
    for number, at in enumerate(range(0, len(CONTENT), 4096)):
        vector = digest("sha512", SALT, pack("<I", number))[:16]
        cipher = AES.new(SECRET, AES.MODE_CBC, vector)
        package += cipher.encrypt(padded(CONTENT[at : at + 4096]))
    information = pack("<HHI", 4, 4, 0x40) + xml.encode()
    return {"EncryptionInfo": information, "EncryptedPackage": package}


def standard(password: str) -> dict[str, bytes]:
    """The same as 2.3.4.5 says."""
    value = digest("sha1", SALT, password.encode("utf-16-le"))
    for count in range(50_000):
        value = digest("sha1", pack("<I", count), value)
    final = digest("sha1", value, bytes(4)).ljust(64, b"\0")
    key = digest("sha1", bytes(byte ^ 0x36 for byte in final))[:16]
    cipher = AES.new(key, AES.MODE_ECB)
    header = pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + b"CSP\0"
    verifier = pack("<I", 16) + SALT + cipher.encrypt(b"verifier" * 2)
    verifier += pack("<I", 20)
    verifier += cipher.encrypt(padded(digest("sha1", b"verifier" * 2)))
    information = pack("<HHII", 4, 2, 0x24, len(header)) + header + verifier
    package = pack("<Q", len(CONTENT)) + cipher.encrypt(padded(CONTENT))
    return {"EncryptionInfo": information, "EncryptedPackage": package}


def package(tree: dict[str, bytes]) -> bytes:
    return dict(named(ole.unpack(Reader.of(compound(tree)))))[b"package"]


@pytest.mark.parametrize("password", encryption.PASSWORDS)
def test_passwords_that_office_tries_by_itself_open(password: str) -> None:
    assert package(agile(password)) == CONTENT


@pytest.mark.parametrize("made", [agile, standard])
def test_passwords_of_the_person_and_of_the_mail_are_tried(
    made: Callable[[str], dict[str, bytes]],
) -> None:
    passwords.give(["nobody", "their own"])
    try:
        assert package(made("their own")) == CONTENT
    finally:
        passwords.give([])
    with passwords.around(lambda: (b"in the mail",)):
        assert package(made("in the mail")) == CONTENT
    assert package(made("infected")) == CONTENT


def test_the_older_kind_is_opened() -> None:
    assert package(standard(KNOWN)) == CONTENT


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(agile("another"), id="another password"),
        pytest.param(agile(KNOWN, rounds=1 << 31), id="endless rounds"),
        pytest.param({"EncryptedPackage": b"x" * 99}, id="no information"),
        pytest.param(
            {"EncryptedPackage": b"x" * 99, "EncryptionInfo": b"\3\0\3\0"}, id="other"
        ),
    ],
)
def test_what_stays_locked_is_encrypted(tree: dict[str, bytes]) -> None:
    assert gaps(ole.unpack(Reader.of(compound(tree)))) == [Reason.ENCRYPTED]


@given(st.binary(max_size=300), st.sampled_from([b"\4\0\4\0", b"\3\0\3\0"]))
def test_arbitrary_information_opens_nothing(data: bytes, version: bytes) -> None:
    assert encryption.opener(Reader.of(version + data)) is None
