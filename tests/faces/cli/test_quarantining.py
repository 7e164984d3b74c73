"""Behaviour of moving what a scan found."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.marks import MARK, mark_rule

from clearward.faces.cli.quarantining import quarantining
from clearward.jail.broker import Entry, admit
from clearward.jail.scanned import Scanned
from clearward.jail.tree import Choice, Walk
from clearward.stores.home import home
from clearward.stores.quarantine.record import Rule
from clearward.stores.quarantine.store import Item, Quarantine
from clearward.wiring import RuleChoice, ScanChoice, Scanner


@pytest.fixture(name="scanner", scope="module")
def fixture_scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    source = mark_rule(tmp_path_factory.mktemp("rules"))
    choice = RuleChoice((str(source),), defaults=False)
    with Scanner(choice, ScanChoice(require="D")) as scanner:
        yield scanner


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWARD_HOME", str(tmp_path / "home"))


def entries(*paths: Path) -> Iterator[Entry]:
    walk = Walk(Choice(), lambda *_: None)
    for path in paths:
        yield from walk.entries(bytes(path))


def scanned(scanner: Scanner, *paths: Path) -> list[Scanned]:
    return list(scanner.scan(entries(*paths)))


def items() -> list[Item]:
    with Quarantine(home(), print) as quarantine:
        return list(quarantine.items())


def test_what_was_found_is_moved(scanner: Scanner, folder: Path) -> None:
    (folder / "bad").write_bytes(MARK)
    (folder / "good").write_bytes(b"nothing")
    results = scanned(scanner, folder)
    with quarantining(scanner, asked=True) as move:
        moved = [one for one in map(move, results) if one is not None]
    assert os.listdir(folder) == ["good"]
    (item,) = items()
    assert [item.identifier] == moved
    assert item.record is not None
    assert item.record.path == bytes(folder / "bad")
    assert item.record.found.rules == (Rule("mark", "local"),)
    assert item.record.found.by == "scan"
    assert len(item.record.found.image) == 64


def test_nothing_is_moved_if_nobody_asked(scanner: Scanner, folder: Path) -> None:
    (folder / "bad").write_bytes(MARK)
    with quarantining(scanner, asked=False) as move:
        assert [move(one) for one in scanned(scanner, folder)] == [None]
    assert os.listdir(folder) == ["bad"]
    assert not os.path.exists(home())


def test_what_changed_since_stays_and_is_told(
    scanner: Scanner, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad").write_bytes(MARK)
    results = scanned(scanner, folder)
    (folder / "bad").write_bytes(b"another")
    with quarantining(scanner, asked=True) as move:
        assert list(map(move, results)) == [None]
    assert (folder / "bad").read_bytes() == b"another"
    assert items() == []
    assert "not quarantined: " in capsys.readouterr().err


def test_all_names_of_a_file_are_moved(scanner: Scanner, folder: Path) -> None:
    (folder / "bad").write_bytes(MARK)
    os.link(folder / "bad", folder / "too")
    results = scanned(scanner, folder)
    with quarantining(scanner, asked=True) as move:
        assert None not in list(map(move, results))
    assert os.listdir(folder) == []
    assert len(items()) == 2


def test_what_was_scanned_twice_is_moved_once(
    scanner: Scanner, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad").write_bytes(MARK)
    (folder / "link").symlink_to(folder / "bad")
    results = scanned(scanner, folder / "bad", folder / "link", folder / "bad")
    with quarantining(scanner, asked=True) as move:
        first, *others = map(move, results)
    assert first is not None
    assert others == [None, None]
    assert capsys.readouterr().err == ""


def test_standard_input_cannot_be_moved(
    scanner: Scanner, capsys: pytest.CaptureFixture[str]
) -> None:
    given = os.memfd_create("input")
    os.write(given, MARK)
    (one,) = scanner.scan(iter([admit(given, b"-", None)]))
    with quarantining(scanner, asked=True) as move:
        assert move(one) is None
    assert "no file that can be moved" in capsys.readouterr().err
