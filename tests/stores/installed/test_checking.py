"""Behaviour of the check that installed rules pass when they load."""

import os
import shutil
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.updating import Machine, without, witnesses

from clearward.core.errors import Refused
from clearward.stores.installed.checking import check_image, check_proof, digest
from clearward.stores.installed.releases import Kept, Releases
from clearward.updates.proof import Proof


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    publisher = Repositories(tmp_path / "one", witnesses=witnesses(), quorum=2)
    publisher.add("One")
    made = Machine(tmp_path / "home", publisher.trust)
    made.update(publisher.folder)
    return made


def current(machine: Machine) -> Kept:
    kept = Releases(machine.place).current()
    assert kept is not None
    return kept


def test_rules_that_the_log_has_pass(machine: Machine) -> None:
    kept = current(machine)
    release = check_proof(machine.place, kept)
    check_image(kept, release)
    with open(kept.image, "rb") as file:
        assert digest(file.fileno()) == release.rules


def test_an_image_of_one_other_byte_does_not(machine: Machine) -> None:
    kept = current(machine)
    release = check_proof(machine.place, kept)
    data = Path(kept.image).read_bytes()
    Path(kept.image).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(Refused, match="clearward update"):
        check_image(kept, release)
    os.unlink(kept.image)
    with pytest.raises(Refused, match="clearward update"):
        check_image(kept, release)


@pytest.mark.parametrize("what", ["missing", "unwitnessed", "unsigned", "no extra"])
def test_a_proof_that_shows_nothing_does_not(machine: Machine, what: str) -> None:
    kept = current(machine)
    path, proof = Path(kept.path, "rules.tlog-proof"), kept.proof()
    names = {"unwitnessed": "witness.example/one", "unsigned": "log.example/rules"}
    head = without(proof.checkpoint, [names.get(what, "")])
    extra = None if what == "no extra" else proof.extra
    path.write_bytes(Proof(proof.index, proof.hashes, head, extra).to_bytes())
    if what == "missing":
        path.unlink()
    with pytest.raises(Refused, match="the installed rules are not used"):
        check_proof(machine.place, kept)


def test_nothing_passes_without_a_policy(machine: Machine) -> None:
    shutil.rmtree(machine.place.within("trust"))
    with pytest.raises(Refused, match="the installed rules are not used"):
        check_proof(machine.place, current(machine))


def test_a_release_under_the_name_of_another_does_not_pass(machine: Machine) -> None:
    kept = current(machine)
    other = Kept(kept.path.replace("/1.", "/7."))
    os.rename(kept.path, other.path)
    with pytest.raises(Refused, match="number"):
        check_proof(machine.place, other)
