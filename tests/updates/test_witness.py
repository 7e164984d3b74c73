"""What a witness answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signing import Signer
from support.witnessing import ORIGIN, body, numbered

from clearward.core.errors import Malformed
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.witness import (
    MOST_BODY,
    MOST_HASHES,
    SIZE,
    Answer,
    Head,
    Logs,
    Submission,
    objection,
    read,
)

LOG = numbered(12)
LOGS = Logs.of([LOG.signer.public])


def said(old: int, new: int, last: int | None, log: object = LOG) -> Answer | None:
    assert isinstance(log, type(LOG))
    asked = read(log.body(old, new), LOGS)
    assert isinstance(asked, Submission)
    return objection(asked, None if last is None else head(last))


def head(size: int) -> Head:
    return Head(size, LOG.head(size).root)


def status(data: bytes) -> int:
    answer = read(data, LOGS)
    return answer.status if isinstance(answer, Answer) else 200


def test_what_continues_the_last_head_is_signed() -> None:
    for last in (None, *range(13)):
        for new in range(last or 0, 13):
            assert said(last or 0, new, last) is None


def test_another_old_size_is_told_which_it_is() -> None:
    assert said(3, 9, 5) == Answer(409, "5\n", SIZE)
    assert said(3, 9, None) == Answer(409, "0\n", SIZE)
    assert said(0, 9, 12) == Answer(409, "12\n", SIZE)  # and nothing is rolled back


def test_an_old_size_above_the_new_one_is_wrong() -> None:
    answer = said(9, 5, 9)
    assert answer is not None
    assert answer.status == 400


def test_another_tree_of_one_size_is_a_conflict() -> None:
    answer = said(7, 7, 7, LOG.fork(3, b"x"))
    assert answer is not None
    assert answer.status == 409


@pytest.mark.parametrize("last", [3, 4, 7, 8])
def test_a_tree_that_does_not_continue_is_not_signed(last: int) -> None:
    answer = said(last, 12, last, LOG.fork(2, b"x"))
    assert answer is not None
    assert answer.status == 422


@pytest.mark.parametrize("last", [None, 0, 5])
def test_a_proof_without_need_is_wrong(last: int | None) -> None:
    note = LOG.note(last or 5).to_bytes()
    asked = read(body(last or 0, [bytes(32)], note), LOGS)
    assert isinstance(asked, Submission)
    answer = objection(asked, None if last is None else head(last))
    assert answer is not None
    assert answer.status == 422


def test_a_log_that_is_not_watched_is_not_found() -> None:
    other = numbered(3)
    other.signer = Signer("log.example/two")
    assert status(other.body(0, 3)) == 404


def test_a_checkpoint_has_to_be_signed_by_a_key_of_the_log() -> None:
    other = numbered(3)  # the same name, another key
    assert status(other.body(0, 3)) == 403
    wrong = LOG.note(3).to_bytes().replace(b"\n3\n", b"\n4\n")
    assert status(body(0, [], wrong)) == 403


def test_one_of_several_keys_of_a_log_is_enough() -> None:
    other = numbered(3)
    logs = Logs.of([LOG.signer.public, other.signer.public])
    assert isinstance(read(other.body(0, 3), logs), Submission)
    assert isinstance(read(LOG.body(0, 3), logs), Submission)


def test_the_key_of_a_witness_is_no_log() -> None:
    with pytest.raises(ValueError, match="witness"):
        Logs.of([Signer("w", Kind.COSIGNATURE_ED25519).public])


NOTE = LOG.note(3).to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        NOTE,
        b"old 0\n" + NOTE,
        b"old 00\n\n" + NOTE,
        b"old -1\n\n" + NOTE,
        b"old  1\n\n" + NOTE,
        b"Old 1\n\n" + NOTE,
        b"old 0\r\n\n" + NOTE,
        b"old 9223372036854775808\n\n" + NOTE,
        b"old 1\nAAAA\n\n" + NOTE,
        b"old 1\nnot base64\n\n" + NOTE,
        body(1, [bytes(32)] * (MOST_HASHES + 1), NOTE),
        body(1, [], b"no note"),
        body(1, [], LOG.signer.sign(Note("no checkpoint\n", ())).to_bytes()),
        body(0, [], NOTE) + bytes(MOST_BODY),
    ],
)
def test_what_is_no_submission_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        Submission.parse(data)
    assert status(data) == 400


def test_as_many_hashes_as_there_may_be_are_read() -> None:
    asked = Submission.parse(body(1, [bytes(32)] * MOST_HASHES, NOTE))
    assert len(asked.proof) == MOST_HASHES


@given(st.binary())
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert status(data) == 400


@given(st.integers(0, 500), st.integers(1, 255))
def test_no_changed_byte_makes_another_head(place: int, change: int) -> None:
    data = bytearray(LOG.body(5, 9))
    data[place % len(data)] ^= change
    asked = read(bytes(data), LOGS)
    if isinstance(asked, Submission) and objection(asked, head(5)) is None:
        assert asked.checkpoint == LOG.head(9)
        assert asked.checkpoint.origin == ORIGIN
