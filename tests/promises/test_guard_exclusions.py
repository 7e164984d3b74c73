"""Exclusions below a guard that runs: nothing it remembers stands in their way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from promises.test_guard_command import Command, guarding
from support.guarding import (
    Namespace,
    end_gates,
    eventually,
    namespace,
    needs_rights,
)
from support.marks import MARK, mark_rule


@pytest.fixture(name="where")
def fixture_where(tmp_path: Path) -> Iterator[Namespace]:
    needs_rights()
    folder = tmp_path / "guarded"
    folder.mkdir()
    with namespace(folder, "bind") as where:
        where.write("found", MARK)
        yield where
        end_gates(where)


def change(command: Command, *words: str) -> None:
    done = command.run("rules", *words)
    assert done.returncode == 0, done.stderr


def test_what_is_remembered_as_found_is_let_through_once_it_is_excluded_and_not_after(
    where: Namespace, tmp_path: Path
) -> None:
    rule = mark_rule(tmp_path)
    with guarding(where, tmp_path, "--open", "--rules", str(rule)) as command:
        assert not where.open("found").allowed
        assert not where.open("found").allowed
        change(command, "exclude", "mark", "--for", "1d")
        assert eventually(lambda: where.open("found").allowed, 5)
        assert eventually(lambda: command.seen(outcome="clean", answer="allow"))
        told = next(row for row in command.rows if row.get("excluded"))
        assert told["excluded"][0]["name"] == "mark"
        assert where.open("found").allowed
        change(command, "include", "mark")
        assert eventually(lambda: not where.open("found").allowed, 5)
        command.process.terminate()
        assert command.process.wait(30) == 0
        assert command.rows[-1]["summary"]["left_out"] >= 1


def test_when_an_exclusion_ends_by_itself_nothing_of_it_is_remembered(
    where: Namespace, tmp_path: Path
) -> None:
    rule = mark_rule(tmp_path)
    with guarding(where, tmp_path, "--open", "--rules", str(rule)) as command:
        assert not where.open("found").allowed
        told = next(row for row in command.rows if row.get("outcome") == "found")
        assert told["rules"] == [{"name": "mark", "origin": "local"}]
        change(command, "exclude", "mark", "--for", "4s")
        assert eventually(lambda: where.open("found").allowed, 5)
        assert eventually(lambda: not where.open("found").allowed, 10)
