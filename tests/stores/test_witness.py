"""What a witness keeps: it never signs two heads that are not one line."""

import os
import sqlite3
from pathlib import Path

import pytest
from support.stepping import QUIET, calls, killed_at, needs_stepping
from support.witnessing import Log, numbered

from clearward.core.errors import Refused, Unavailable
from clearward.stores.witness import DATABASE, KEY, Witness, make
from clearward.updates.note import Note
from clearward.updates.signatures import check
from clearward.updates.witness import Answer, Submission

LOG = numbered(9)
FORK = LOG.fork(2, b"x")
TIME = 1_790_000_000


@pytest.fixture
def state(tmp_path: Path) -> Path:
    make(str(tmp_path / "state"), "w.example")
    return tmp_path / "state"


def asked(old: int, new: int, log: Log = LOG) -> Submission:
    return Submission.parse(log.body(old, new))


def answers(state: Path, *submissions: Submission) -> list[Answer]:
    witness = Witness(str(state), lambda: TIME)
    try:
        return witness.decide(submissions)
    finally:
        witness.close()


def test_a_head_is_signed_with_the_time(state: Path) -> None:
    witness = Witness(str(state), lambda: TIME)
    (answer,) = witness.decide([asked(0, 5)])
    note = Note.parse(LOG.note(5).to_bytes() + answer.body.encode())
    assert check(note, witness.public) == TIME
    assert answer.status == 200
    witness.close()


def test_what_was_signed_is_known_after_the_next_start(state: Path) -> None:
    (answer,) = answers(state, asked(0, 5))
    assert answer.status == 200
    statuses = [
        one.status
        for one in answers(state, asked(0, 6), asked(5, 9, FORK), asked(5, 9))
    ]
    assert statuses == [409, 422, 200]


def test_those_that_are_decided_together_know_of_each_other(state: Path) -> None:
    together = answers(state, asked(0, 5), asked(0, 5, FORK), asked(0, 7), asked(5, 7))
    assert [one.status for one in together] == [200, 409, 409, 200]


def test_two_processes_with_one_state_know_of_each_other(state: Path) -> None:
    first, second = Witness(str(state)), Witness(str(state))
    assert [first.decide([asked(0, 5)])[0].status] == [200]
    assert second.decide([asked(0, 5, FORK)])[0].status == 409
    assert second.decide([asked(5, 6)])[0].status == 200
    assert first.decide([asked(5, 9, LOG.fork(5, b"y"))])[0].status == 409
    first.close()
    second.close()


def test_nothing_is_signed_that_cannot_be_written(state: Path) -> None:
    witness = Witness(str(state))
    other = sqlite3.connect(state / DATABASE)
    other.execute(
        "CREATE TRIGGER no BEFORE INSERT ON heads "
        "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    other.close()
    with pytest.raises(Unavailable, match="full"):
        witness.decide([asked(0, 5)])
    witness.close()


def test_it_is_on_the_disk_before_it_is_signed(state: Path) -> None:
    needs_stepping()

    def action() -> None:
        witness = Witness(str(state), clock)
        witness.decide([asked(0, 5)])
        os._exit(0)

    def clock() -> int:  # it signs when it has asked for the time
        os.getpgid(0)
        return TIME

    names = calls(action)
    signs = names.index("getpgid")
    # The log of the database is written, and synced behind its last frame.
    assert max(n for n in range(signs) if names[n].startswith("pwrite")) < max(
        n for n in range(signs) if names[n] in ("fsync", "fdatasync")
    )
    assert not [name for name in names[signs:] if name.startswith("pwrite")]


def test_killed_at_any_call_it_stays_on_one_line(tmp_path: Path) -> None:
    """Whatever was signed before the kill, a fork of it is not signed afterwards."""
    needs_stepping()
    signed_then = 0
    for number in range(400):
        state = tmp_path / str(number)
        make(str(state), "w.example")
        out = tmp_path / "given"
        out.unlink(missing_ok=True)

        def action(state: Path = state, out: Path = out) -> None:
            witness = Witness(str(state))
            (answer,) = witness.decide([asked(0, 5)])
            out.write_text(answer.body)
            os._exit(0)

        came_so_far = killed_at(action, number, QUIET)
        given = out.exists() and out.read_text()
        (after,) = answers(state, asked(0, 5, FORK))
        assert after.status in (200, 409)
        assert not (given and after.status == 200)
        signed_then += bool(given)
        if not came_so_far:
            break
    assert signed_then


def test_a_key_is_its_owners_alone_and_is_never_replaced(state: Path) -> None:
    assert (state / KEY).stat().st_mode & 0o777 == 0o600
    before = (state / KEY).read_bytes()
    with pytest.raises(Refused, match="already"):
        make(str(state), "w.example")
    assert (state / KEY).read_bytes() == before
    (state / KEY).chmod(0o640)
    with pytest.raises(Refused, match="0600"):
        Witness(str(state))


def test_without_its_heads_a_key_is_not_used(state: Path) -> None:
    answers(state, asked(0, 5))
    for path in state.glob(f"{DATABASE}*"):
        path.unlink()
    with pytest.raises(Refused, match="missing"):
        Witness(str(state))
    with pytest.raises(Refused, match="already"):
        make(str(state), "w.example")


def test_heads_of_another_witness_are_not_used(state: Path, tmp_path: Path) -> None:
    make(str(tmp_path / "other"), "w.example")
    (tmp_path / "other" / KEY).replace(state / KEY)
    with pytest.raises(Refused, match="not the key"):
        Witness(str(state))


def test_a_damaged_database_is_not_begun_anew(state: Path) -> None:
    (state / DATABASE).write_bytes(b"no database" * 1000)
    with pytest.raises(Unavailable):
        Witness(str(state))


def test_a_new_key_goes_on_from_the_heads_that_are_there(state: Path) -> None:
    answers(state, asked(0, 5))
    (state / KEY).unlink()
    make(str(state), "w2.example")
    assert answers(state, asked(0, 5, FORK))[0].status == 409


@pytest.mark.parametrize("name", ["", "a b", "a+b", "x" * 256])
def test_nobody_is_called_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="name"):
        make(str(tmp_path), name)


def test_there_is_no_witness_before_keygen(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="keygen"):
        Witness(str(tmp_path))
