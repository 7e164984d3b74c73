"""Whenever it is killed, clients see the old release or the new one, and all of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repositories import ORIGIN, Repositories, rule
from support.signing import Signer
from support.stepping import QUIET, killed_at, needs_stepping
from support.sweeping import steps

from clearward.publishing.published import current
from clearward.publishing.repository import Repository
from clearward.stores.log_folder import LogFolder
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note
from clearward.updates.policy import Policy
from clearward.updates.proof import Proof
from clearward.updates.release import Release
from clearward.updates.tiles import Tiles

MOST = 3000  # calls of one action
BUT = QUIET | {"getppid", "gettid", "getpid", "clock_gettime", "rt_sigprocmask"}


class Remembering:
    """A witness that writes down what it signs before anybody knows."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.signer = Signer("w.example/1", Kind.COSIGNATURE_ED25519)

    @property
    def public(self) -> PublicKey:
        return self.signer.public

    def sign(self, note: Note, time: int) -> Note:
        head = Checkpoint.parse(note.text)
        with self.file.open("a") as file:
            file.write(f"{head.size} {head.root.hex()}\n")
        return self.signer.sign(note, time)

    def check(self, log: LogFolder) -> None:
        """All that it has signed is one history."""
        size = log.head().size
        for line in self.file.read_text().splitlines():
            old, root = line.split()
            subtree = Tiles(size, log.read).subtree
            assert _root(subtree, int(old)).hex() == root


def _root(subtree: Callable[[int, int], bytes], size: int) -> bytes:
    return subtree(0, size)


def policy(made: Repositories) -> Policy:
    return Policy.parse((made.trust / "policy").read_text())


def release(made: Repositories) -> Release:
    """The release that a client sees, with everything that it checks."""
    head = policy(made).check((made.folder / "log/checkpoint").read_bytes())
    log = LogFolder(str(made.folder / "log"), ORIGIN)
    assert Tiles(head.size, log.read).root() == head.root
    found = {}
    for name, one in current(
        Repository(str(made.folder))
    ).targets.signed.targets.items():
        digest = one.hashes["sha256"]
        data = (made.folder / "targets" / f"{digest}.{name}").read_bytes()
        one.verify_length_and_hashes(data)
        found[name] = data
    proof = Proof.parse(found["rules.tlog-proof"])
    assert proof.extra is not None
    assert proof.check(proof.extra, policy(made)).size <= head.size
    seen = Release.parse(proof.extra)
    assert (
        seen.rules
        == current(Repository(str(made.folder)))
        .targets.signed.targets["rules.cwr"]
        .hashes["sha256"]
    )
    name = ("One", "Two", "Three")[min(seen.seq, 3) - 1]
    assert rule(name) in found["rules.src.tar"] or seen.seq == 3
    return seen


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    needs_stepping()
    witness = Remembering(tmp_path / "signed")
    made = Repositories(tmp_path / "first", witnesses=[witness], quorum=1)
    made.cloned(tmp_path / "other").add("Two")  # so that it is compiled
    witness.file.unlink()
    made.add("One")
    return made


def swept(
    made: Repositories,
    folder: Path,
    action: Callable[[Repositories], object],
    check: Callable[[Repositories], int],
) -> set[int]:
    """Kill an action at each of its calls; return what the check returned."""
    found = set()
    (witness,) = made.witnesses
    assert isinstance(witness, Remembering)
    signed = witness.file.read_text()
    for number in steps(MOST):
        shutil.rmtree(folder, ignore_errors=True)
        witness.file.write_text(signed)
        clone = made.cloned(folder)
        came_so_far = killed_at(lambda: action(clone), number, BUT)  # noqa: B023
        found.add(check(clone))
        witness.check(LogFolder(str(clone.folder / "log"), ORIGIN))
        if not came_so_far:
            return found
    raise AssertionError("it does not end")


def test_killed_at_any_call_of_add_it_is_the_old_or_the_new_release(
    made: Repositories, tmp_path: Path
) -> None:
    """And the next call finishes what was begun."""

    def check(clone: Repositories) -> int:
        seen = release(clone).seq
        added = clone.add("Two")
        after = release(clone)
        assert after == added.release
        # Only what was published to its end is published once more.
        assert after.seq == 2 or (after.seq, seen) == (3, 2)
        return seen

    assert swept(made, tmp_path / "clone", lambda one: one.add("Two"), check) == {1, 2}


def test_killed_at_any_call_of_refresh_a_client_sees_the_release(
    made: Repositories, tmp_path: Path
) -> None:
    def check(clone: Repositories) -> int:
        release(clone)
        clone.refresh()
        return release(clone).seq

    assert swept(made, tmp_path / "clone", lambda one: one.refresh(), check) == {1}


def test_killed_at_any_call_of_init_it_is_made_by_the_next(tmp_path: Path) -> None:
    needs_stepping()
    folder = tmp_path / "made"
    for number in steps(MOST):
        shutil.rmtree(folder, ignore_errors=True)
        came_so_far = killed_at(lambda: Repositories(folder), number, BUT)
        if not came_so_far:
            break
        if not (folder / "repo/metadata/timestamp.json").exists():
            made = Repositories(folder)
            head = (made.folder / "log/checkpoint").read_bytes()
            assert policy(made).check(head).size == 0
            assert {
                path.stat().st_mode & 0o777 for path in made.keys.glob("*.pem")
            } == {0o600}
    repository = Repository(str(folder / "repo"))
    assert current(repository).timestamp.signed.version == 1
