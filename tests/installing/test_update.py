"""Behaviour of updates that nobody attacks."""

from pathlib import Path

import pytest
from support.repositories import Repositories
from support.updating import Machine, files, signed_anew

from clearward.core.errors import Refused, Unavailable
from clearward.installing.folder import FolderCarrier
from clearward.installing.refusal import Code
from clearward.installing.update import Update
from clearward.stores.installed.releases import Releases
from clearward.stores.installed.trust import Trust


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one")
    made.add("One")
    return made


@pytest.fixture
def machine(tmp_path: Path, publisher: Repositories) -> Machine:
    return Machine(tmp_path / "home", publisher.trust)


def kept(machine: Machine) -> list[int]:
    releases = machine.home / "rules" / "releases"
    return sorted(int(one.name.partition(".")[0]) for one in releases.iterdir())


def test_rules_are_installed_once(machine: Machine, publisher: Repositories) -> None:
    first = machine.update(publisher.folder)
    assert (first.updated, first.release.seq, first.log_size) == (True, 1, 1)
    machine.trust = None
    second = machine.update(publisher.folder)
    assert (second.updated, second.release) == (False, first.release)
    publisher.refresh()
    assert not machine.update(publisher.folder).updated


def test_the_release_before_is_kept_and_no_other(
    machine: Machine, publisher: Repositories
) -> None:
    for name in ("Two", "Three", "Four"):
        machine.update(publisher.folder)
        publisher.add(name)
    machine.update(publisher.folder)
    assert (machine.seq(), kept(machine)) == (4, [3, 4])


def test_releases_may_be_left_out(machine: Machine, publisher: Repositories) -> None:
    machine.update(publisher.folder)
    for name in ("Two", "Three"):
        publisher.add(name)
    assert machine.update(publisher.folder).release.seq == 3


def test_who_goes_back_stays_there_until_there_is_something_newer(
    machine: Machine, publisher: Repositories
) -> None:
    machine.update(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    assert Update(machine.place).roll_back().seq == 1
    held = machine.update(publisher.folder)
    assert (held.updated, held.release.seq, held.held) == (False, 1, 2)
    publisher.add("Three")
    assert machine.update(publisher.folder).release.seq == 3
    assert kept(machine) == [1, 3]


def test_who_goes_back_may_ask_for_the_newer_one_again(
    machine: Machine, publisher: Repositories
) -> None:
    machine.update(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    Update(machine.place).roll_back()
    machine.again = True
    assert machine.update(publisher.folder).release.seq == 2


def test_there_may_be_nothing_to_go_back_to(
    machine: Machine, publisher: Repositories
) -> None:
    for _ in range(2):
        with pytest.raises(Refused, match="no release before"):
            Update(machine.place).roll_back()
        machine.update(publisher.folder)


def test_a_release_before_that_was_changed_is_not_gone_back_to(
    machine: Machine, publisher: Repositories
) -> None:
    machine.update(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    (old,) = machine.home.glob("rules/releases/1.*/rules.cwr")
    old.write_bytes(b"changed")
    with pytest.raises(Refused, match="not what the log has"):
        Update(machine.place).roll_back()
    assert machine.seq() == 2


def test_rules_that_were_damaged_are_fetched_again(
    machine: Machine, publisher: Repositories
) -> None:
    machine.update(publisher.folder)
    (image,) = machine.home.glob("rules/current/rules.cwr")
    image.write_bytes(b"changed")
    assert machine.update(publisher.folder).updated
    assert machine.seq() == 1


def test_damage_does_not_make_an_older_release_welcome(
    machine: Machine, publisher: Repositories
) -> None:
    old = files(publisher.folder)
    publisher.add("Two")
    machine.update(publisher.folder)
    (image,) = machine.home.glob("rules/current/rules.cwr")
    image.write_bytes(b"changed")
    with pytest.raises(Exception, match="rollback"):
        machine.update(signed_anew(publisher, old))


def test_rules_that_cannot_be_used_are_not_put_in_force(
    machine: Machine, publisher: Repositories
) -> None:
    machine.update(publisher.folder)
    publisher.add("Two")

    def attempt(image: str) -> None:
        assert Path(image).read_bytes() == files(publisher.folder)["rules.cwr"]
        raise Refused("of another version")

    carrier = FolderCarrier(str(publisher.folder))
    with pytest.raises(Refused, match="of another version"):
        Update(machine.place, attempt).run(carrier, None, machine.clock)
    carrier.close()
    assert (machine.seq(), kept(machine)) == (1, [1])


def test_what_is_trusted_is_kept_from_the_first_time_on(
    machine: Machine, publisher: Repositories, tmp_path: Path
) -> None:
    machine.update(publisher.folder)
    assert Trust.kept(machine.place) == Trust.read(str(publisher.trust))
    other = Repositories(tmp_path / "other")
    other.add("Other")
    machine.trust = other.trust
    assert machine.refused(publisher.folder) is Code.SIGNATURE
    assert Trust.kept(machine.place) == Trust.read(str(publisher.trust))


def test_one_update_runs_at_a_time(machine: Machine, publisher: Repositories) -> None:
    with machine.place.alone(), pytest.raises(Unavailable, match="another update"):
        machine.update(publisher.folder)
    assert Releases(machine.place).current() is None
