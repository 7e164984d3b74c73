"""Units are kept, and nobody else's is touched."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.faces.schedule.plan import Plan
from clearward.faces.schedule.store import Folder, unit_folder
from clearward.faces.schedule.units import Setting

PLAN = Plan("nightly", "daily", "paths", ("/srv",))
SETTING = Setting(("/bin/true",), system=True)
FOREIGN = "[Unit]\nDescription=mine\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(str(tmp_path / "units"))


def names(folder: Folder) -> list[str]:
    return sorted(os.listdir(folder.path))


def test_a_plan_is_written_read_and_removed(folder: Folder) -> None:
    assert folder.plans() == []
    folder.write(PLAN, SETTING)
    assert names(folder) == [
        "clearward-scan-nightly.service",
        "clearward-scan-nightly.timer",
    ]
    assert folder.plans() == [PLAN]
    assert folder.plan("nightly") == PLAN
    assert len(folder.texts("nightly")) == 2
    folder.remove("nightly")
    assert names(folder) == []


def test_an_older_plan_of_the_name_is_replaced(folder: Folder) -> None:
    folder.write(PLAN, SETTING)
    later = replace(PLAN, calendar="weekly")
    folder.write(later, SETTING)
    assert folder.plans() == [later]


@pytest.mark.parametrize("ending", ["service", "timer"])
def test_a_unit_of_somebody_else_stays(folder: Folder, ending: str) -> None:
    os.makedirs(folder.path)
    path = Path(folder.path, f"clearward-scan-nightly.{ending}")
    path.write_text(FOREIGN)
    with pytest.raises(Refused, match="was not written by"):
        folder.write(PLAN, SETTING)
    with pytest.raises(Refused):
        folder.remove("nightly")
    assert names(folder) == [path.name]
    assert path.read_text() == FOREIGN


@pytest.mark.parametrize("ending", ["service", "timer"])
def test_a_link_is_not_followed(folder: Folder, tmp_path: Path, ending: str) -> None:
    os.makedirs(folder.path)
    target = tmp_path / "target"
    target.write_text("# clearward schedule: {}\n")
    path = Path(folder.path, f"clearward-scan-nightly.{ending}")
    path.symlink_to(target)
    with pytest.raises(Refused):
        folder.write(PLAN, SETTING)
    assert path.is_symlink()
    assert target.read_text() == "# clearward schedule: {}\n"


def test_a_service_that_was_changed_to_another_keeps_both(folder: Folder) -> None:
    folder.write(PLAN, SETTING)
    Path(folder.service("nightly")).write_text(FOREIGN)
    with pytest.raises(Refused):
        folder.remove("nightly")
    assert len(names(folder)) == 2


def test_the_link_that_enables_the_timer_goes_with_it(folder: Folder) -> None:
    folder.write(PLAN, SETTING)
    wants = Path(folder.path, "timers.target.wants")
    wants.mkdir()
    link = wants / "clearward-scan-nightly.timer"
    link.symlink_to(folder.timer("nightly"))
    folder.remove("nightly")
    assert not link.is_symlink()


@pytest.mark.parametrize("name", ["other", "../nightly", ""])
def test_who_is_not_there_is_refused(folder: Folder, name: str) -> None:
    folder.write(PLAN, SETTING)
    with pytest.raises(Refused, match="no such schedule"):
        folder.plan(name)
    with pytest.raises(Refused, match="no such schedule"):
        folder.remove(name)


def test_units_go_where_systemd_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert unit_folder(None).path == "/etc/systemd/system"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/c")
    assert unit_folder(None).path == "/c/systemd/user"
