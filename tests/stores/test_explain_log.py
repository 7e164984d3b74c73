"""Behaviour of the record of wider answers."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.stores import explain_log

WHEN = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def test_every_request_is_a_line_with_time_user_and_paths(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    explain_log.record(str(home), ["a.zip", "b\\x1b"], WHEN)
    explain_log.record(str(home), [], WHEN)
    first, second = (home / explain_log.NAME).read_text().splitlines()
    assert json.loads(first) == {
        "time": "2026-11-23T12:30:00+00:00",
        "user": os.getuid(),
        "paths": ["a.zip", "b\\x1b"],
    }
    assert json.loads(second)["paths"] == []


def test_a_name_cannot_add_a_line(tmp_path: Path) -> None:
    explain_log.record(str(tmp_path), ['x"}\n{"user": 0'], WHEN)
    assert len((tmp_path / explain_log.NAME).read_bytes().splitlines()) == 1


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    explain_log.record(str(tmp_path / "home"), ["a"], WHEN)
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    log = tmp_path / "home" / explain_log.NAME
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    (tmp_path / explain_log.NAME).symlink_to(victim)
    with pytest.raises(Refused, match="recorded"):
        explain_log.record(str(tmp_path), ["a"], WHEN)
    assert victim.read_bytes() == b""


def test_nothing_is_explained_if_it_cannot_be_recorded(tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"a file where the folder should be")
    with pytest.raises(Refused, match="cannot be written"):
        explain_log.record(str(tmp_path / "home"), ["a"], WHEN)
