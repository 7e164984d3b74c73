"""A log in a folder: it grows by whole entries, whatever happens on the way."""

import os
import signal
from pathlib import Path

import pytest
from support.forked import forked
from support.signing import Signer

from clearward.core.errors import Refused, Unavailable
from clearward.stores import log_folder
from clearward.stores.log_folder import LogFolder
from clearward.updates import tree
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.signatures import check
from clearward.updates.tiles import Tiles

KEY = Signer("example.com/log")


def sign(_old: Checkpoint, new: Checkpoint) -> Note:
    return KEY.sign(Note(str(new), ()))


@pytest.fixture(name="log")
def fixture_log(tmp_path: Path) -> LogFolder:
    log = LogFolder(str(tmp_path / "log"), KEY.name)
    log.create(sign)
    return log


def whole(log: LogFolder, entries: list[bytes]) -> None:
    """Everything is as it should be."""
    note = Note.parse(log.read("checkpoint"))
    check(note, KEY.public)
    head = log.head()
    assert head.size == len(entries)
    assert [log.entry(index) for index in range(head.size)] == entries
    assert Tiles(head.size, log.read).root() == head.root


def test_a_log_grows_by_entries(log: LogFolder) -> None:
    whole(log, [])
    entries = [b"entry %d" % number for number in range(12)]
    old = log.head()
    for entry in entries:
        new = log.append(entry, sign)
        if old.size:
            found = Tiles(new.size, log.read)
            proof = tree.prove_consistency(old.size, new.size, found.subtree)
            tree.check_consistency(old.size, new.size, old.root, new.root, proof)
        old = new
    whole(log, entries)
    assert log.pending() is None


def test_a_log_is_made_once(log: LogFolder) -> None:
    with pytest.raises(Refused, match="already"):
        log.create(sign)
    with pytest.raises(Refused, match="another log"):
        LogFolder(log.folder, "other").head()


def test_an_entry_whose_head_was_not_signed_is_finished_before_another(
    log: LogFolder,
) -> None:
    def fail(_old: Checkpoint, _new: Checkpoint) -> Note:
        raise Unavailable("no witness")

    log.append(b"one", sign)
    with pytest.raises(Unavailable):
        log.append(b"two", fail)
    whole(log, [b"one"])
    assert log.pending() == b"two"
    with pytest.raises(Refused, match="finish it first"):
        log.append(b"three", sign)
    log.append(b"two", sign)
    log.append(b"three", sign)
    whole(log, [b"one", b"two", b"three"])


def test_files_that_are_not_those_of_the_head_are_not_continued(
    log: LogFolder,
) -> None:
    log.append(b"one", sign)
    tile = Path(log.folder, "tile/0/000.p/1")
    tile.write_bytes(bytes(32))
    with pytest.raises(Refused, match="not those of its head"):
        log.append(b"two", sign)


def test_two_do_not_add_at_a_time(log: LogFolder) -> None:
    def again(old: Checkpoint, new: Checkpoint) -> Note:
        with pytest.raises(Unavailable, match="somebody else"):
            log.append(b"two", sign)
        return sign(old, new)

    log.append(b"one", again)
    whole(log, [b"one"])


@pytest.mark.parametrize("calls", range(12))
def test_killed_at_any_call_it_is_the_old_log_or_the_new(
    log: LogFolder, calls: int
) -> None:
    """Killed before a file is put in its place, or a name is removed."""
    entries = [b"one", b"two", b"three"]
    for entry in entries[:2]:
        log.append(entry, sign)

    def add() -> None:
        left = [calls]

        def counted(real: object) -> object:
            def call(*arguments: object, **named: object) -> object:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return real(*arguments, **named)  # type: ignore[operator]

            return call

        os.rename = counted(os.rename)  # type: ignore[assignment]
        os.unlink = counted(os.unlink)  # type: ignore[assignment]
        os.fsync = counted(os.fsync)  # type: ignore[assignment]
        log.append(entries[2], sign)

    try:
        forked(add)
    except AssertionError as error:
        assert "the copy died" in str(error)  # or it has ended by itself
    assert log.head().size in (2, 3)
    whole(log, entries[: log.head().size])
    if log.pending() is not None or log.head().size < 3:
        log.append(entries[2], sign)
    whole(log, entries)
    log.append(b"four", sign)
    whole(log, [*entries, b"four"])
    assert log_folder.LogFolder(log.folder, KEY.name).pending() is None
