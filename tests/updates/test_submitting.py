"""How a witness is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signing import Signer
from support.witnessing import ORIGIN, numbered

from clearward.core.errors import Malformed
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.signatures import Unsigned
from clearward.updates.submitting import Question, Reply
from clearward.updates.witness import Logs, Submission, read

LOG = numbered(12)
NOTE = Note.parse(LOG.body(7, 12).partition(b"\n\n")[2])
QUESTION = Question(NOTE, 12, lambda old: LOG.proof(old, 12))
WITNESS = Signer("w.example", Kind.COSIGNATURE_ED25519)


def test_a_witness_can_read_what_it_is_sent() -> None:
    asked = read(QUESTION.body(7), Logs.of([LOG.signer.public]))
    assert isinstance(asked, Submission)
    assert (asked.old, asked.checkpoint.origin) == (7, ORIGIN)


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (Reply(409, b"3\n"), [11, 3]),
        (Reply(409, b"12\n"), [11, 12]),
        (Reply(409, b"13\n"), [11]),
        (Reply(409, b"another tree\n"), [11]),
        (Reply(422, b"3\n"), [11]),
        (Reply(200, b"3\n"), [11]),
    ],
)
def test_it_is_asked_once_more_from_the_size_that_it_names(
    first: Reply, asked: list[int]
) -> None:
    bodies: list[bytes] = []

    def ask(body: bytes) -> Reply:
        bodies.append(body)
        return first

    assert QUESTION.put(ask, 11) is first
    assert [int(body.split()[1]) for body in bodies] == asked


def test_its_own_signature_counts_and_no_other() -> None:
    lines = WITNESS.sign(NOTE, 9).to_bytes().partition(b"\n\n")[2]
    found = QUESTION.signature(lines, WITNESS.public)
    assert found.name == "w.example"
    other = Signer("w.example", Kind.COSIGNATURE_ED25519)
    with pytest.raises(Unsigned):
        QUESTION.signature(lines, other.public)
    changed = Note(NOTE.text.replace("12", "13"), NOTE.signatures)
    with pytest.raises(Unsigned):
        Question(changed, 13, lambda _: []).signature(lines, WITNESS.public)


@given(st.binary(max_size=300), st.integers(100, 599))
def test_any_answer_is_one_short_line_and_no_signature(
    body: bytes, status: int
) -> None:
    said = str(Reply(status, body))
    assert "\n" not in said
    assert len(said) < 1000
    with pytest.raises((Malformed, Unsigned)):
        QUESTION.signature(body, WITNESS.public)
