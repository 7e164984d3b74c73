"""The command `clearward guard` as a person uses it, with a real jail."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.guarding import (
    Namespace,
    end_gates,
    eventually,
    is_running,
    namespace,
    needs_rights,
)
from support.marks import EICAR


class Command:
    """A command that guards."""

    def __init__(self, where: Namespace, folder: Path, *words: str) -> None:
        self._out, self._err = folder / "out", folder / "err"
        self._home = folder / "home"
        self._where = where
        command = self._command("guard", "--json", *words)
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=err, env=self._environment
            )
        assert eventually(lambda: b"\n" in self._err.read_bytes(), 60)
        self.ready = self._err.read_text("utf-8").splitlines()[0]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.read_bytes().splitlines()]

    @property
    def status(self) -> dict[str, Any]:
        """What `--status` says."""
        done = self.run("guard", "--status", "--json")
        return dict(json.loads(done.stdout)["summary"]) if done.stdout else {}

    def run(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        """Run another command with the same home, in the same place."""
        return subprocess.run(
            self._command(*words),
            capture_output=True,
            check=False,
            env=self._environment,
            timeout=60,
        )

    def seen(self, **fields: object) -> bool:
        return any(fields.items() <= row.items() for row in self.rows)

    def _command(self, *words: str) -> list[str]:
        return self._where.inside(sys.executable, "-m", "clearward", *words)

    @property
    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join(sys.path)
        return {**os.environ, "PYTHONPATH": path, "CLEARWARD_HOME": str(self._home)}


@pytest.fixture(name="where")
def fixture_where(tmp_path: Path) -> Iterator[Namespace]:
    needs_rights()
    folder = tmp_path / "guarded"
    folder.mkdir()
    with namespace(folder, "bind") as where:
        where.write("clean", b"clean")
        where.write("found", EICAR)
        yield where
        end_gates(where)


@contextmanager
def guarding(where: Namespace, folder: Path, *words: str) -> Iterator[Command]:
    command = Command(where, folder, *words, str(where.folder))
    try:
        yield command
    finally:
        command.process.kill()
        command.process.wait()


def test_from_ready_to_the_summary(where: Namespace, tmp_path: Path) -> None:
    with guarding(where, tmp_path) as command:
        assert command.ready == f"ready guard={where.folder}"
        assert where.open("clean").allowed
        assert not where.open("found").allowed
        assert command.seen(event="first", outcome="found")
        (where.place / "new").write_bytes(EICAR)
        assert eventually(lambda: command.seen(event="write", outcome="found"))
        assert eventually(lambda: not where.open("new").allowed)
        assert eventually(lambda: command.status.get("summary", {}).get("found") == 2)
        text = command.run("guard", "--status").stdout
        assert b"most scanned files" in text
        command.process.terminate()
        assert command.process.wait(30) == 0
        summary = command.rows[-1]["summary"]
        assert summary["found"] == 2
        assert summary["denied"] >= 2
        assert command.run("guard", "--status").returncode == 2
    assert where.open("found").allowed


def test_what_is_found_after_a_write_is_moved_if_that_was_chosen(
    where: Namespace, tmp_path: Path
) -> None:
    with guarding(where, tmp_path, "--quarantine") as command:
        (where.place / "new").write_bytes(EICAR)
        assert eventually(lambda: not (where.place / "new").exists())
        assert (where.place / "found").exists()
        assert eventually(
            lambda: b"new" in command.run("quarantine", "list", "--json").stdout
        )
        assert not command.seen(trouble="quarantine")


def test_rules_are_loaded_anew_while_it_guards(
    where: Namespace, tmp_path: Path
) -> None:
    with guarding(where, tmp_path, "--open") as command:
        for _ in range(3):
            command.process.send_signal(signal.SIGHUP)
            assert where.open("clean").allowed
            assert not where.open("found").allowed
        assert command.process.poll() is None


def test_a_new_guard_ends_the_gate_of_one_that_was_killed(
    where: Namespace, tmp_path: Path
) -> None:
    words = ("--open", "--on-deadline", "deny")
    with guarding(where, tmp_path, *words) as command:
        assert eventually(lambda: command.status.get("gate"))
        gate = command.status["gate"]
        command.process.kill()
        command.process.wait()
        assert not where.open("clean").allowed
        assert is_running(gate)
    with guarding(where, tmp_path, *words):
        assert eventually(lambda: not is_running(gate))
        assert where.open("clean").allowed
        assert not where.open("found").allowed


def test_the_whole_machine_can_be_guarded(where: Namespace, tmp_path: Path) -> None:
    command = Command(where, tmp_path, "--open", "--no-first-look", "/")
    try:
        inside = [sys.executable, "-c", "import asyncio, json, email, ssl"]
        for _ in range(2):
            done = subprocess.run(where.inside(*inside), check=False, timeout=60)
            assert done.returncode == 0
        command.process.send_signal(signal.SIGHUP)
        done = subprocess.run(where.inside("ls", "/usr/bin"), check=False, timeout=60)
        assert done.returncode == 0
        assert not where.open("found").allowed
        command.process.terminate()
        assert command.process.wait(30) == 0
        summary = command.rows[-1]["summary"]
        assert summary["late"] == summary["unasked"] == 0
        assert summary["remembered"] > 20
    finally:
        command.process.kill()
        command.process.wait()
