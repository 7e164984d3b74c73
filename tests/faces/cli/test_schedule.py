"""`clearward schedule`, from end to end."""

import json
from pathlib import Path

import pytest
from egress.test_webhook import hearing
from support.command import clearward
from support.doors import told
from support.marks import EICAR
from support.scripted import scripted


def schedule(folder: Path, *words: str) -> tuple[int, str, str]:
    command, *rest = words
    ran = clearward("schedule", command, "--unit-dir", folder, *rest)
    return ran.status, ran.out.decode(), ran.err.decode()


def test_a_schedule_is_added_listed_shown_and_removed(tmp_path: Path) -> None:
    units = tmp_path / "units"
    status, out, _ = schedule(units, "add", "night", "--daily", "--quick", "/srv")
    assert status == 0
    assert "enable --now clearward-scan-night.timer" in out
    assert schedule(units, "list")[1] == "night  daily  quick /srv\n"
    assert "OnCalendar=daily" in schedule(units, "show", "night")[1]
    assert schedule(units, "remove", "night")[0] == 0
    assert schedule(units, "list")[1] == ""
    assert list(units.iterdir()) == []


def test_paths_are_made_absolute(tmp_path: Path) -> None:
    schedule(tmp_path / "u", "add", "a", "--weekly", "x/../y", "--rules", "r.yar")
    _, out, _ = schedule(tmp_path / "u", "list", "--json")
    row, summary = map(json.loads, out.splitlines())
    assert row["paths"] == [str(Path("y").absolute())]
    assert row["rules"] == [str(Path("r.yar").absolute())]
    assert summary == {"summary": {"schedules": 1}}


def test_a_scan_that_finds_something_is_told(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"harmless")
    (tmp_path / "bad").write_bytes(EICAR)
    bodies: list[bytes] = []
    home = tmp_path / "home"
    with scripted(hearing(bodies)) as (port, _):
        for name, status in (("good", 0), ("bad", 1)):
            url = f"http://127.0.0.1:{port}/hooks/one"
            words = ("schedule", "run", "--notify-url", url, tmp_path / name)
            ran = clearward(*words, environment={"CLEARWARD_HOME": str(home)})
            assert ran.status == status
    (body,) = map(json.loads, bodies)
    assert body == {
        "event": "scan",
        "outcome": "found",
        "paths": [str(tmp_path / "bad")],
    }
    assert [one.opened.reason for one in told(home)] == ["notify"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "a", "/srv"), "say when"),
        (("add", "a", "--daily", "--weekly", "/srv"), "say when"),
        (("add", "a", "--daily"), "nothing to scan"),
        (("add", "a", "--daily", "--quick", "--full"), "either --quick or --full"),
        (("add", "../a", "--daily", "/srv"), "is no name"),
        (("add", "a", "--on-calendar", "never", "/srv"), "is no time of systemd"),
        (
            ("add", "a", "--daily", "/srv", "--notify-url", "ftp://a"),
            "not an address",
        ),
        (("show", "a"), "no such schedule"),
        (("remove", "a"), "no such schedule"),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    status, out, err = schedule(tmp_path / "u", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "u").exists()


def test_what_the_service_starts_scans(tmp_path: Path) -> None:
    (tmp_path / "e").write_bytes(EICAR)
    (tmp_path / "g").write_bytes(b"good")
    ran = clearward("schedule", "run", "--json", "--", tmp_path)
    assert ran.status == 1
    assert ran.by_name()["e"]["outcome"] == "found"
    assert ran.by_name()["g"]["outcome"] == "clean"
    assert clearward("schedule", "run", "--", tmp_path / "g").status == 0
    assert clearward("schedule", "run", "--", tmp_path / "no").status == 2
    assert clearward("schedule", "run").status == 2
