"""What is excluded now, while it changes below a process that runs."""

from pathlib import Path

from clearward.stores.exclusions.exclusion import Exclusion
from clearward.stores.exclusions.file import NAME, change
from clearward.stores.exclusions.in_force import InForce

ONE = Exclusion("Some.Rule", 100, 200)


class Time:
    """Both clocks."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.now = 150.0


def in_force(home: Path, time: Time) -> InForce:
    return InForce(str(home), lambda: time.clock, lambda: time.now)


def keep(home: Path, *kept: Exclusion) -> None:
    change(str(home), lambda _: kept)


def test_a_change_shows_after_a_second(tmp_path: Path) -> None:
    time = Time()
    one = in_force(tmp_path, time)
    assert one.now() == {}
    keep(tmp_path, ONE)
    time.clock = 0.9
    assert one.now() == {}
    time.clock = 1.0
    assert one.now() == {"Some.Rule": 200}
    keep(tmp_path)
    time.clock = 2.0
    assert one.now() == {}


def test_an_end_shows_at_once(tmp_path: Path) -> None:
    keep(tmp_path, ONE)
    time = Time()
    one = in_force(tmp_path, time)
    time.now = 199.9
    assert one.now() == {"Some.Rule": 200}
    time.now = 200.0
    assert one.now() == {}


def test_damage_is_told_once_and_nothing_is_excluded(tmp_path: Path) -> None:
    keep(tmp_path, ONE)
    time = Time()
    one = in_force(tmp_path, time)
    told: list[str] = []
    one.tell(told.append)
    assert (one.now(), told) == ({"Some.Rule": 200}, [])
    (tmp_path / NAME).write_bytes(b"{}")
    for second in range(1, 4):
        time.clock = second
        assert one.now() == {}
    assert told == [one.damage]
    assert "nothing is excluded" in one.damage
    (tmp_path / NAME).unlink()
    keep(tmp_path, ONE)
    time.clock = 5
    assert one.now()
    assert one.damage == ""


def test_damage_that_is_there_already_is_told_once(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"{}")
    told: list[str] = []
    one = in_force(tmp_path, Time())
    one.tell(told.append)
    assert len(told) == 1


def test_every_change_of_the_file_can_be_seen(tmp_path: Path) -> None:
    time = Time()
    one = in_force(tmp_path, time)
    seen = [one.look()]
    for second in range(1, 4):
        keep(tmp_path, Exclusion("Some.Rule", 100, 200 + second))
        time.clock = second
        seen.append(one.look())
    assert len(set(seen)) == 4
