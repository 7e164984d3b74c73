"""What an attacker does who holds a mirror, the network or the keys of a publisher.

The tests are named for the rows of the table of attacks in `docs/trust.md`.
"""

import json
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.alarm import no_longer_than
from support.repositories import Repositories
from support.updating import (
    Machine,
    files,
    proof_with,
    signed_anew,
    twin,
    without,
    witnesses,
)
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Targets

from clearward.core.errors import Refused
from clearward.installing.refusal import Code
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.proof import Proof


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    """A publisher with one release, and two witnesses who both have to sign."""
    made = Repositories(tmp_path / "one", witnesses=witnesses(), quorum=2)
    made.add("One")
    return made


@pytest.fixture
def machine(tmp_path: Path, publisher: Repositories) -> Machine:
    """A machine that has that release."""
    made = Machine(tmp_path / "home", publisher.trust)
    assert made.update(publisher.folder).updated
    made.trust = None  # it is kept
    return made


def test_rollback(machine: Machine, publisher: Repositories, tmp_path: Path) -> None:
    old = publisher.copy(tmp_path / "old")
    publisher.add("Two")
    assert machine.update(publisher.folder).release.seq == 2
    assert machine.refused(old) is Code.ROLLBACK


def test_rollback_by_who_holds_all_keys(
    machine: Machine, publisher: Repositories
) -> None:
    old = files(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    assert machine.refused(signed_anew(publisher, old)) is Code.ROLLBACK


def test_rollback_of_the_log_alone(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    old = publisher.copy(tmp_path / "old")
    publisher.add("Two")
    machine.update(publisher.folder)
    publisher.refresh()
    shutil.copy(old / "log" / "checkpoint", publisher.folder / "log" / "checkpoint")
    assert machine.refused(publisher.folder) is Code.ROLLBACK


def test_freeze(tmp_path: Path) -> None:
    ago = datetime.now(UTC) - timedelta(days=8)
    publisher = Repositories(tmp_path / "one", now=ago)
    publisher.add("One")
    machine = Machine(tmp_path / "home", publisher.trust)
    assert machine.refused(publisher.folder) is Code.EXPIRED
    publisher.now = None
    publisher.refresh()
    assert machine.update(publisher.folder).updated


def test_freeze_of_the_log_where_the_user_says_how_old_it_may_be(
    machine: Machine, publisher: Repositories
) -> None:
    (publisher.trust / "freshness").write_text("1h\n")
    machine.trust = publisher.trust
    assert not machine.update(publisher.folder).updated
    machine.trust, machine.clock = None, time.time() + 7200
    assert machine.refused(publisher.folder) is Code.EXPIRED


def test_fork_of_the_same_size(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    secret = twin(publisher, tmp_path / "two")
    publisher.add("Two")
    secret.add("Secret")
    machine.update(publisher.folder)
    assert machine.refused(secret.folder) is Code.FORK


def test_fork_of_another_size(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    secret = twin(publisher, tmp_path / "two")
    publisher.add("Two")
    machine.update(publisher.folder)
    for name in ("Secret", "Three"):
        secret.add(name)
    assert machine.refused(secret.folder) is Code.FORK


def test_fork_behind_the_tiles_of_the_log_that_was_seen(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    """They have what was seen, and do not lead to the head that is shown."""
    secret = twin(publisher, tmp_path / "two")
    secret.add("Secret")
    publisher.add("Two")
    tiles = publisher.folder / "log" / "tile"
    shutil.copytree(tiles, secret.folder / "log" / "tile", dirs_exist_ok=True)
    assert machine.refused(secret.folder) is Code.TAMPERED


def test_split_view_where_the_proof_is_from_another_history(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    """The head that everybody sees, and a proof from a log that nobody sees."""
    secret = twin(publisher, tmp_path / "two")
    secret.add("Secret")
    publisher.add("Two")
    mixed = signed_anew(publisher, files(secret.folder))
    assert machine.refused(mixed) is Code.FORK


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_mix_and_match(machine: Machine, publisher: Repositories, role: str) -> None:
    metadata = publisher.folder / "metadata"
    newest = {one.name for one in metadata.glob(f"*.{role}.json")}
    publisher.add("Two")
    (new,) = (one for one in metadata.glob(f"*.{role}.json") if one.name not in newest)
    old = f"{int(new.name.partition('.')[0]) - 1}.{role}.json"
    shutil.copy(metadata / old, new)
    assert machine.refused(publisher.folder) is Code.TAMPERED


def test_a_stolen_key_without_an_entry_in_the_log(
    machine: Machine, publisher: Repositories
) -> None:
    assert (
        machine.refused(signed_anew(publisher, {"rules.cwr": b"of my own"}))
        is Code.UNLOGGED
    )


def test_a_stolen_key_and_a_log_of_my_own(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    mine = Repositories(tmp_path / "mine")
    mine.add("Mine")
    found = files(mine.folder)
    assert machine.refused(signed_anew(publisher, found)) is Code.UNLOGGED


def test_a_proof_of_another_place_in_the_log(
    machine: Machine, publisher: Repositories
) -> None:
    publisher.add("Two")
    proof = Proof.parse(files(publisher.folder)["rules.tlog-proof"])
    moved = Proof(0, proof.hashes, proof.checkpoint, proof.extra).to_bytes()
    changed = signed_anew(publisher, {"rules.tlog-proof": moved})
    assert machine.refused(changed) is Code.UNLOGGED


def test_a_quorum_that_is_missing(machine: Machine, publisher: Repositories) -> None:
    publisher.add("Two")
    head = publisher.folder / "log" / "checkpoint"
    head.write_bytes(without(head.read_bytes(), ["witness.example/two"]))
    assert machine.refused(publisher.folder) is Code.QUORUM


def test_a_quorum_that_is_missing_in_the_proof(
    machine: Machine, publisher: Repositories
) -> None:
    publisher.add("Two")
    proof = files(publisher.folder)["rules.tlog-proof"]
    short = without(Proof.parse(proof).checkpoint, ["witness.example/one"])
    changed = {"rules.tlog-proof": proof_with(proof, short)}
    assert machine.refused(signed_anew(publisher, changed)) is Code.QUORUM


def test_a_log_that_has_not_signed_its_head(
    machine: Machine, publisher: Repositories
) -> None:
    publisher.add("Two")
    head = publisher.folder / "log" / "checkpoint"
    head.write_bytes(without(head.read_bytes(), [publisher.log_key.name]))
    assert machine.refused(publisher.folder) is Code.SIGNATURE


def test_a_log_that_its_witnesses_alone_have_signed(
    machine: Machine, publisher: Repositories
) -> None:
    """They sign what they get here; the log's own key was not there."""
    head = publisher.folder / "log" / "checkpoint"
    made = Note(str(Checkpoint(publisher.log_key.name, 9, bytes(32))), ())
    for witness in publisher.witnesses:
        made = witness.sign(made, int(time.time()))
    head.write_bytes(made.to_bytes())
    assert machine.refused(publisher.folder) is Code.SIGNATURE


def test_metadata_of_somebody_else(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    other = Repositories(tmp_path / "other")
    other.add("Other")
    publisher.add("Two")
    name = "metadata/timestamp.json"
    shutil.copy(other.folder / name, publisher.folder / name)
    assert machine.refused(publisher.folder) is Code.SIGNATURE


BOMBS = {
    "deep": b"[" * 10_000,
    "deeper objects": b'{"a":' * 3_000,
    "a long number": b'{"signed":' + b"9" * 15_000 + b"}",
    "not a number": b'{"signed": {"version": NaN}, "signatures": []}',
    "many members": b"{" + b'"a":1,' * 2_000 + b'"a":1}',
    "no UTF-8": b'"\xff\xfe\xed\xa0\x80"',
    "nothing": b"",
    "null": b"null",
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("role", ["2.root", "timestamp", "2.snapshot"])
def test_bombs_of_json(
    tmp_path: Path, publisher: Repositories, bomb: str, role: str
) -> None:
    machine = Machine(tmp_path / "home", publisher.trust)
    (publisher.folder / "metadata" / f"{role}.json").write_bytes(BOMBS[bomb])
    with no_longer_than(30):
        assert machine.refused(publisher.folder) is Code.TAMPERED


def test_a_million_delegations(machine: Machine, publisher: Repositories) -> None:
    """The key of the targets was stolen, too."""
    publisher.add("Two")
    metadata = publisher.folder / "metadata"
    last = metadata / "3.targets.json"
    targets: Targets = Metadata[Targets].from_file(str(last)).signed
    role = DelegatedRole("r0", [], 1, terminating=False, paths=["*"])
    targets.delegations = Delegations({}, {"r0": role})
    text = json.dumps(targets.to_dict())
    start, end = text.split(json.dumps(role.to_dict()))
    one = json.dumps({**role.to_dict(), "name": "r%d"})
    with last.open("w") as file:
        file.write('{"signatures": [], "signed": ' + start)
        file.write(",".join(one % number for number in range(1_000_000)))
        file.write(end + "}")
    with no_longer_than(30):
        assert machine.refused(publisher.folder) is Code.TAMPERED


@pytest.mark.parametrize("days", [1, 365, 20 * 365], ids=["day", "year", "20 years"])
def test_a_clock_that_is_behind_by_a(tmp_path: Path, days: int) -> None:
    """What it cannot see is that something has expired; all else it sees."""
    later = datetime.now(UTC) + timedelta(days=days)
    publisher = Repositories(tmp_path / "one", now=later)
    publisher.add("One")
    old = publisher.copy(tmp_path / "old")
    publisher.add("Two")
    machine = Machine(tmp_path / "home", publisher.trust)
    assert machine.update(publisher.folder).updated
    assert machine.refused(old) is Code.ROLLBACK


@pytest.mark.parametrize("days", [1, 365, 20 * 365], ids=["day", "year", "20 years"])
def test_a_clock_that_is_ahead_by_a(tmp_path: Path, days: int) -> None:
    earlier = datetime.now(UTC) - timedelta(days=days)
    publisher = Repositories(tmp_path / "one", now=earlier)
    publisher.add("One", lifetime=timedelta(hours=2))
    machine = Machine(tmp_path / "home", publisher.trust)
    assert machine.refused(publisher.folder) is Code.EXPIRED


def test_nothing_is_trusted_that_nobody_named(
    tmp_path: Path, publisher: Repositories
) -> None:
    """The folder trust of a repository is for people, not for machines."""
    with pytest.raises(Refused, match="--trust"):
        Machine(tmp_path / "home").update(publisher.folder)
