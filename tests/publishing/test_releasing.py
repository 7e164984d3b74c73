"""Releases are what a client of TUF and of the log can check."""

import hashlib
import json
from pathlib import Path

import pytest
from support.repositories import Repositories, rule
from support.signing import Signer
from tuf.api.metadata import Metadata, Root

from clearward.core.errors import Refused
from clearward.publishing.published import current
from clearward.publishing.repository import Repository
from clearward.stores.log_folder import LogFolder
from clearward.updates.keys import Kind
from clearward.updates.policy import Policy, Unwitnessed
from clearward.updates.proof import Proof
from clearward.updates.release import Release


def target(folder: Path, name: str) -> bytes:
    """A target as a client finds it."""
    listed = current(Repository(str(folder))).targets.signed.targets[name]
    digest = listed.hashes["sha256"]
    data = (folder / "targets" / f"{digest}.{name}").read_bytes()
    assert hashlib.sha256(data).hexdigest() == digest
    assert len(data) == listed.length
    return data


def policy(folder: Path) -> Policy:
    return Policy.parse((folder / "trust/policy").read_text())


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    return Repositories(tmp_path)


def test_a_release_can_be_checked_by_what_a_client_was_given(
    made: Repositories,
) -> None:
    leaves: list[bytes] = []
    for seq, name in enumerate(("One", "Two", "Three"), 1):
        added = made.add(name)
        proof = Proof.parse(target(made.folder, "rules.tlog-proof"))
        assert proof.extra is not None
        checkpoint = proof.check(proof.extra, policy(made.folder))
        release = Release.parse(proof.extra)
        assert checkpoint.size == added.log_size == seq == release.seq
        for file, digest in (
            ("rules.cwr", release.rules),
            ("rules.src.tar", release.source),
        ):
            data = target(made.folder, file)
            assert hashlib.sha256(data).hexdigest() == digest
        assert rule(name) in target(made.folder, "rules.src.tar")
        assert release.follows(leaves[-1] if leaves else b"")
        leaves.append(proof.extra)
    log = LogFolder(str(made.folder / "log"), made.log_key.name)
    assert [log.entry(index) for index in range(3)] == leaves


def test_nothing_is_left_where_releases_are_made(made: Repositories) -> None:
    made.add()
    names = sorted(path.name for path in made.keys.iterdir())
    assert names == [
        *("log.pem", "root.pem", "snapshot.pem", "targets.pem", "timestamp.pem")
    ]
    assert {path.name for path in made.folder.iterdir()} == {
        *("metadata", "targets", "log", "trust")
    }


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_without_enough_witnesses_no_file_that_clients_see_changes(
    tmp_path: Path,
) -> None:
    witnesses = [
        Signer("w.example/1", Kind.COSIGNATURE_ED25519),
        Signer("w.example/2", Kind.COSIGNATURE_ML_DSA_44),
    ]
    made = Repositories(tmp_path, witnesses=witnesses, quorum=2)
    made.add("One")
    before = files(made.folder)
    made.witnesses.pop()
    with pytest.raises(Unwitnessed):
        made.add("Two")
    assert files(made.folder) == before


@pytest.mark.parametrize(("name", "seq"), [("Two", 2), ("Three", 3)])
def test_a_release_that_a_witness_may_know_is_finished_first(
    tmp_path: Path, name: str, seq: int
) -> None:
    witness = Signer("w.example/1", Kind.COSIGNATURE_ED25519)
    made = Repositories(tmp_path, witnesses=[witness], quorum=1)
    made.add("One")
    made.witnesses.clear()
    with pytest.raises(Unwitnessed):
        made.add("Two")
    made.witnesses.append(witness)
    added = made.add(name)
    assert added.resumed == (name == "Two")
    assert (added.release.seq, added.log_size) == (seq, seq)
    log = LogFolder(str(made.folder / "log"), made.log_key.name)
    second = Release.parse(log.entry(1))
    archives = (made.folder / "targets").glob(f"{second.source}.rules.src.tar")
    assert rule("Two") in next(archives).read_bytes()


def test_what_others_have_put_there_is_not_signed(made: Repositories) -> None:
    made.add()
    path = made.folder / "metadata/2.targets.json"
    changed = json.loads(path.read_bytes())
    changed["signed"]["targets"] = {}
    path.write_text(json.dumps(changed))
    with pytest.raises(Refused, match=r"2\.targets\.json"):
        made.refresh()


def test_a_key_that_is_missing_is_told_before_anything_is_done(
    made: Repositories,
) -> None:
    made.add()
    before = files(made.folder)
    (made.keys / "targets.pem").unlink()
    with pytest.raises(Refused, match="0 of 1 keys of the role targets"):
        made.add("Two")
    assert files(made.folder) == before
    made.refresh()


def test_the_key_of_an_offline_root_is_not_needed(made: Repositories) -> None:
    (made.keys / "root.pem").unlink()
    made.add()
    made.refresh()
    root = Metadata[Root].from_file(str(made.trust / "root.json"))
    root.signed.verify_delegate("root", root.signed_bytes, root.signatures)
