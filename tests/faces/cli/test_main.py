"""Behaviour of the command's start: which commands start a zygote, and its end."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearward import wiring
from clearward.faces.cli import main
from clearward.jail.launch import Kind, Launched


@pytest.fixture(autouse=True)
def fixture_collector_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def launched_by(*arguments: str) -> list[Launched]:
    """What a command line that scans nothing launches."""
    made: list[Launched] = []

    def launch(kind: Kind) -> Launched:
        made.append(Launched(kind))
        return made[-1]

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(main, "Launched", launch)
        monkeypatch.setattr(sys, "argv", ["clearward", *arguments])
        with pytest.raises(SystemExit):
            main.main()
    return made


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--help",), id="help"),
        pytest.param(("--version",), id="version"),
        pytest.param(("rules", "--help"), id="another command"),
        pytest.param((), id="no command"),
    ],
)
def test_what_scans_nothing_starts_nothing(arguments: tuple[str, ...]) -> None:
    assert launched_by(*arguments) == []


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--help",), id="help"),
        pytest.param(("--no-such-option",), id="a wrong option"),
        pytest.param((), id="nothing to scan"),
        pytest.param(("--no-default-rules", "."), id="no rules"),
        pytest.param(("--rules", "/nowhere", "."), id="no such rules"),
    ],
)
def test_a_zygote_started_in_vain_is_gone_at_the_end(
    arguments: tuple[str, ...],
) -> None:
    (launched,) = launched_by("scan", *arguments)
    with pytest.raises(ChildProcessError):
        os.waitpid(launched.process, 0)


def test_a_scan_uses_the_zygote_that_was_started_for_it(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wiring, "Launched", lambda *_: pytest.fail("a second one"))
    (tmp_path / "file").write_bytes(b"content")
    (launched,) = launched_by("scan", str(tmp_path))
    assert launched.kind is Kind.LIGHT
    assert capfd.readouterr().out.startswith("files: ")
    with pytest.raises(ChildProcessError):
        os.waitpid(launched.process, 0)


def test_a_zygote_loads_what_signatures_need_where_rules_are_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.ndb").write_text("Test.Body:0:*:68656c6c6f\n")
    (tmp_path / "file").write_bytes(b"say hello")
    rules = f"--rules={tmp_path / 'a.ndb'}"
    (launched,) = launched_by("scan", rules, str(tmp_path / "file"))
    assert launched.kind is Kind.SIGNATURES
    assert "found Test.Body" in capfd.readouterr().out


def test_no_zygote_at_all_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(sys, "argv", ["clearward", "scan", "."])
    with pytest.raises(SystemExit) as caught:
        main.main()
    assert caught.value.code == main.FAILED
    said = capfd.readouterr().err
    assert said.startswith("clearward: the jail could not be started: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("scan a", Kind.LIGHT),
        ("scan --rules a.cwr b", Kind.IMAGES),
        ("scan --rules=a.CWR b", Kind.IMAGES),
        ("scan --rules a.cwr --rules b.yar c", Kind.SIGNATURES),
        ("scan --rules folder c", Kind.SIGNATURES),
        ("scan c --rules", Kind.SIGNATURES),
    ],
)
def test_a_scan_loads_what_its_rules_may_need(words: str, kind: Kind) -> None:
    assert main.kind_for(words.split()) is kind


def test_installed_rules_need_what_images_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARWARD_HOME", str(tmp_path))
    assert main.kind_for(["clearward", "scan", "/"]) is Kind.LIGHT
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "current").symlink_to("releases/1.0123456789abcdef")
    assert main.kind_for(["clearward", "scan", "/"]) is Kind.IMAGES
