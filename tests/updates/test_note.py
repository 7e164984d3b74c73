"""Signed notes, and the keys that sign them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signing import Signer

from clearward.core.errors import Malformed
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import MOST_SIGNATURES, Note, Signature
from clearward.updates.signatures import Unsigned, check

TEXT = "one line\n\nand another\n"


def test_a_note_is_read_as_it_was_written() -> None:
    log, other = Signer("a.example/log"), Signer("b")
    note = other.sign(log.sign(Note(TEXT, ())))
    read = Note.parse(note.to_bytes())
    assert read == note
    assert check(read, log.public) is None
    assert check(read, other.public) is None


def test_a_text_that_was_changed_is_not_signed() -> None:
    log = Signer("log")
    data = log.sign(Note(TEXT, ())).to_bytes()
    with pytest.raises(Unsigned):
        check(Note.parse(data.replace(b"one", b"two")), log.public)


def test_a_key_of_the_same_name_is_another_key() -> None:
    note = Signer("log").sign(Note(TEXT, ()))
    with pytest.raises(Unsigned, match="not signed by log"):
        check(note, Signer("log").public)


def test_a_second_wrong_signature_of_a_key_is_not_passed_over() -> None:
    log = Signer("log")
    note = log.sign(Note(TEXT, ()))
    wrong = Signature("log", log.public.number, bytes(64))
    with pytest.raises(Unsigned, match="wrong"):
        check(note.signed(wrong), log.public)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\n\n", b"text\n", b"text\n\n", b"\xff\n\n", b"a\rb\n\n"),
        *(
            b"text\n\nline\n",
            "text\n\n— name\n".encode(),
            "t\n\n— a+b AAAAAAA=\n".encode(),
        ),
        *("t\n\n— a AAAA\n".encode(), "t\n\n— a AAAAAAA=".encode()),
        ("t\n\n" + "— a AAAAAAA=\n" * (MOST_SIGNATURES + 1)).encode(),
        "t\n\n— a AAAAAAB=\n".encode(),  # another spelling of the same bytes
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Note.parse(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_malformed(data: bytes) -> None:
    try:
        note = Note.parse(data)
    except Malformed:
        return
    assert note.to_bytes() == data


@given(st.text(max_size=80))
def test_any_text_is_a_key_or_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        PublicKey.parse(text)


@pytest.mark.parametrize("kind", Kind)
def test_a_key_is_read_as_it_is_written(kind: Kind) -> None:
    key = Signer("witness.example/1", kind).public
    assert PublicKey.parse(str(key)) == key
    name, number, data = str(key).split("+", 2)
    changed = f"{int(number, 16) ^ 1:08x}"
    with pytest.raises(Malformed, match="number"):
        PublicKey.parse(f"{name}+{changed}+{data}")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\n", "x" * 256])
def test_a_name_that_could_be_misread_is_none(name: str) -> None:
    with pytest.raises(Malformed):
        PublicKey(name, Kind.ED25519, bytes(32))
