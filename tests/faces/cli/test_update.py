"""Behaviour of `clearward update`, and of commands that use what it installs."""

import json
import subprocess
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.marks import EICAR
from support.repositories import Repositories, mark


class Home:
    """A home, and files that are scanned."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "home"
        (folder / "files").mkdir()
        self.files = folder / "files"
        for name in ("One", "Two"):
            (self.files / name).write_bytes(mark(name))
        (self.files / "eicar").write_bytes(EICAR)

    def run(self, *words: str | Path) -> Ran:
        return clearward(*words, environment={"CLEARWARD_HOME": str(self.path)})

    def update(self, *words: str | Path) -> Ran:
        return self.run("update", "--from", *words)

    def installed(self) -> dict[str, object]:
        ran = self.run("rules", "info", "installed", "--json")
        assert ran.status == 0
        return ran.summary


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def publisher(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path / "one")
    made.add("One")
    return made


def test_installed_rules_take_the_place_of_the_starter_bundle(
    home: Home, publisher: Repositories
) -> None:
    assert home.installed()["seq"] == 0
    ran = home.update(publisher.folder, "--trust", publisher.trust, "--json")
    assert (ran.status, ran.err) == (0, b"")
    summary = ran.summary
    digest = summary.pop("sha256")
    assert summary == {"updated": True, "seq": 1, "log_size": 1}
    found = home.installed()
    assert (found["seq"], found["sha256"]) == (1, digest)
    ran = home.run("scan", "--json", home.files)
    assert ran.status == 1
    rules = {name: row["rules"] for name, row in ran.by_name().items()}
    assert rules["One"] == [{"name": "One", "origin": "bundle"}]
    assert [one["origin"] for one in rules["eicar"]] == ["builtin"]
    assert rules["Two"] == []
    assert ran.summary["rules"] == 2


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_rules_come_over_an_air_gap(
    home: Home, publisher: Repositories, tmp_path: Path, kind: str
) -> None:
    source = publisher.folder
    if kind == "archive":
        source = tmp_path / "rules.tar"
        subprocess.run(["tar", "cf", source, "-C", publisher.folder, "."], check=True)
    assert home.update(source, "--trust", publisher.trust).status == 0
    assert home.update(source).out == b"current: release 1 is in force\n"
    assert not (home.path / "ledger").exists()


def test_a_refusal_is_one_line_and_changes_nothing(
    home: Home, publisher: Repositories, tmp_path: Path
) -> None:
    home.update(publisher.folder, "--trust", publisher.trust)
    before = home.installed()
    old = publisher.copy(tmp_path / "old")
    publisher.add("Two")
    home.update(publisher.folder)
    publisher.copy(tmp_path / "bad")
    (tmp_path / "bad" / "log" / "checkpoint").write_bytes(b"changed \x1b[2J")
    for source, code in ((old, "rollback"), (tmp_path / "bad", "tampered")):
        ran = home.update(source)
        assert (ran.status, ran.out) == (1, b"")
        (line,) = ran.err.decode().splitlines()
        assert f"refused: {code}: " in line
        assert line.endswith("; release 2 stays in force")
        assert "\x1b" not in line
        ran = home.update(source, "--json")
        assert (ran.status, ran.err) == (1, b"")
        assert ran.summary["updated"] is False
        assert ran.summary["refused"] == code
        assert ran.summary["detail"]
    assert home.installed() != before
    assert home.installed()["seq"] == 2


def test_what_cannot_be_reached_is_refused(home: Home, publisher: Repositories) -> None:
    for source in ("http://127.0.0.1:9/", home.files / "nothing", home.files):
        ran = home.update(source, "--trust", publisher.trust, "--json")
        assert (ran.status, ran.summary["refused"]) == (1, "unreachable")
    ran = home.update(home.files / "One", "--trust", publisher.trust, "--json")
    assert (ran.status, ran.summary["refused"]) == (1, "tampered")


def test_rules_without_a_valid_proof_do_not_load(
    home: Home, publisher: Repositories
) -> None:
    home.update(publisher.folder, "--trust", publisher.trust)
    (proof,) = home.path.glob("rules/current/rules.tlog-proof")
    proof.write_bytes(proof.read_bytes().replace(b"index 0", b"index 1"))
    for words in (
        ("scan", home.files),
        ("rules", "list"),
        ("rules", "info", "installed"),
    ):
        ran = home.run(*words)
        assert (ran.status, ran.out) == (2, b"")
        (line,) = ran.err.decode().splitlines()
        assert "clearward update" in line
    source = home.files.parent / "mine.yar"
    source.write_text("rule Mine { condition: true }")
    ran = home.run("scan", "--no-default-rules", "--rules", source, home.files)
    assert ran.status == 1
    assert home.update(publisher.folder).status == 0
    assert home.run("scan", home.files / "One").status == 1


def test_a_person_may_go_back(home: Home, publisher: Repositories) -> None:
    home.update(publisher.folder, "--trust", publisher.trust)
    assert home.run("update", "--rollback").status == 2
    publisher.add("Two")
    home.update(publisher.folder)
    ran = home.run("update", "--rollback", "--json")
    assert (ran.status, ran.summary["seq"]) == (0, 1)
    ran = home.update(publisher.folder)
    assert ran.status == 0
    assert b"release 1 stays in force" in ran.out
    assert home.update(publisher.folder, "--json").summary["held"] == 2
    assert home.update(publisher.folder, "--again", "--json").summary["seq"] == 2


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--from", "a"),
        ("--from", "a", "--rollback"),
        ("--from", "a", "--trust", "nowhere"),
        ("--from", "ftp://a/", "--timeout", "0"),
    ],
)
def test_wrong_use_is_one_line(home: Home, words: tuple[str, ...]) -> None:
    (home.files / "a").mkdir()
    ran = home.run("update", *words)
    assert len(ran.err.splitlines()) == 1
    assert ran.status == (1 if words == ("--from", "a") else 2)


def test_the_json_of_info_is_one_object(home: Home) -> None:
    ran = home.run("rules", "info", "installed", "--json")
    assert list(json.loads(ran.out)) == ["summary"]
    assert b"starter bundle" in home.run("rules", "info", "installed").out
