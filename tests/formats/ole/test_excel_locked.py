"""Behaviour of what opens encrypted workbooks of Excel 97 to 2003."""

import hashlib
from struct import pack, unpack_from

import pytest
from Cryptodome.Cipher import ARC4
from hypothesis import given
from hypothesis import strategies as st
from support.excel import begin, record, text
from support.inside import MARK, seen
from support.ole import compound
from support.parts import collect

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.ole import excel, excel_locked

SALT = bytes(range(16))
PLAIN = (0x0809, 0x2F)


def digest(name: str, *data: bytes) -> bytes:
    return hashlib.new(name, b"".join(data)).digest()


def key(version: int, password: str, block: int, bits: int = 128) -> bytes:
    """MS-OFFCRYPTO 2.3.6.2 and 2.3.5.2."""
    word, number = password.encode("utf-16-le"), pack("<I", block)
    if version == 1:
        first = digest("md5", word)[:5]
        return digest("md5", digest("md5", (first + SALT) * 16)[:5], number)
    found = digest("sha1", digest("sha1", SALT, word), number)[: bits // 8]
    return found + bytes(11) if bits == 40 else found


def file_pass(version: int, password: str, bits: int = 128) -> bytes:
    name = "md5" if version == 1 else "sha1"
    verifier = b"a verifier of 16"
    cipher = ARC4.new(key(version, password, 0, bits))
    locked = cipher.encrypt(verifier + digest(name, verifier))
    if version == 1:
        return record(0x2F, pack("<HHH", 1, 1, 1) + SALT + locked)
    header = pack("<IIIIIIII", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + b"C\0\0\0"
    content = pack("<HHHII", 1, 2, 2, 4, len(header)) + header + pack("<I", 16) + SALT
    return record(0x2F, content + locked[:16] + pack("<I", 20) + locked[16:])


def workbook(version: int, password: str, bits: int = 128) -> bytes:
    """A workbook with a macro that starts a program, behind 3 KB of other records."""
    tokens = text(MARK[:9]) + text(MARK[9:]) + b"\x08\x42\x01" + pack("<H", 110)
    cell = pack("<HHH", 0, 0, 0) + bytes(14) + pack("<H", len(tokens)) + tokens
    plain = begin(5) + file_pass(version, password, bits)
    plain += record(0x85, pack("<I", 1234) + b"sheet") + record(0x99, b"x" * 3000)
    plain += record(0x0A, b"") + begin(0x40) + record(0x06, cell) + record(0x0A, b"")
    locked = bytearray()
    for block in range(-(-len(plain) // 1024)):
        cipher = ARC4.new(key(version, password, block, bits))
        locked += cipher.encrypt(plain[block * 1024 : (block + 1) * 1024])
    at = 0
    while at < len(plain):
        kind, size = unpack_from("<HH", plain, at)
        kept = size if kind in PLAIN else 4 if kind == 0x85 else 0
        locked[at : at + 4 + kept] = plain[at : at + 4 + kept]
        at += 4 + size
    return bytes(locked)


WAYS = pytest.mark.parametrize(
    ("version", "bits"), [(1, 128), (2, 128), (2, 40), (2, 56)]
)


@WAYS
@pytest.mark.parametrize("password", ["VelvetSweatshop", "infected"])
def test_workbooks_with_a_usual_password_are_opened(
    version: int, bits: int, password: str
) -> None:
    told = seen(compound({"Workbook": workbook(version, password, bits)}))
    assert told.ways == {"XLM"}
    assert "workbook" in told.parts
    assert not told.reasons


@WAYS
def test_workbooks_with_another_are_encrypted(version: int, bits: int) -> None:
    told = seen(compound({"Workbook": workbook(version, "a good one", bits)}))
    assert told.reasons == Reason.ENCRYPTED


def test_other_ways_of_locking_stay_encrypted() -> None:
    book = begin(5) + record(0x2F, pack("<HHH", 0, 1, 2)) + record(0x0A, b"")
    assert seen(compound({"Workbook": book})).reasons == Reason.ENCRYPTED


@given(st.binary(max_size=120), st.sampled_from([b"", pack("<HHH", 1, 1, 1)]))
def test_any_lock_is_read(content: bytes, front: bytes) -> None:
    excel_locked.opened(Reader.of(b"x" * 99), front + content)
    book = begin(5) + record(0x2F, front + content) + content
    collect(excel.workbook(Reader.of(book)))


@given(st.data())
def test_damage_is_survived(data: st.DataObject) -> None:
    book = bytearray(workbook(1, "VelvetSweatshop"))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(book) - 1))
        book[place] = data.draw(st.integers(0, 255))
    collect(excel.workbook(Reader.of(bytes(book))))
