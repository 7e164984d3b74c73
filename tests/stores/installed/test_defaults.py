"""Behaviour of the rules in force that nobody named."""

import os
from contextlib import closing
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.updating import Machine

from clearward.core.errors import Refused
from clearward.jail import bundle
from clearward.stores.installed.defaults import Defaults


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    publisher = Repositories(tmp_path / "one")
    publisher.add("One")
    made = Machine(tmp_path / "home", publisher.trust)
    made.update(publisher.folder)
    return made


def test_without_installed_rules_it_is_the_starter_bundle(tmp_path: Path) -> None:
    with closing(Defaults(str(tmp_path))) as defaults:
        assert defaults.release is None
        assert {os.path.dirname(one.label) for one in defaults.files} == {bundle.FOLDER}


def test_nobody_has_to_want_them(machine: Machine) -> None:
    with closing(Defaults(str(machine.home), wanted=False)) as defaults:
        assert (defaults.files, defaults.release) == ((), None)


def test_installed_rules_take_its_place(machine: Machine) -> None:
    with closing(Defaults(str(machine.home))) as defaults:
        (file,) = defaults.files
        assert (file.kind, file.origin, file.named) == ("cwr", "bundle", True)
        assert defaults.release is not None
        assert defaults.release.seq == 1
        defaults.check_image()


def test_rules_that_were_changed_are_refused(machine: Machine) -> None:
    (image,) = machine.home.glob("rules/current/rules.cwr")
    image.write_bytes(image.read_bytes() + b"x")
    with (
        closing(Defaults(str(machine.home))) as defaults,
        pytest.raises(Refused, match="not those that the log has"),
    ):
        defaults.check_image()


def test_a_link_is_no_image(machine: Machine, tmp_path: Path) -> None:
    (image,) = machine.home.glob("rules/current/rules.cwr")
    image.rename(tmp_path / "elsewhere.cwr")
    image.symlink_to(tmp_path / "elsewhere.cwr")
    with pytest.raises(Refused, match="link"):
        Defaults(str(machine.home))


def test_what_is_refused_leaves_no_descriptor(machine: Machine) -> None:
    (proof,) = machine.home.glob("rules/current/rules.tlog-proof")
    proof.write_bytes(b"none")
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(Refused):
        Defaults(str(machine.home))
    assert len(os.listdir("/proc/self/fd")) == before
