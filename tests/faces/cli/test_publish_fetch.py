"""Behaviour of `clearward publish fetch`, as a person and a program see it."""

from pathlib import Path

import pytest
from support.command import clearward
from support.fake_web import Came, serving


def answer(came: Came) -> tuple[int, bytes]:
    return (200, b"b" * 64 + b"\n") if "good" in came.target else (404, b"")


def listed(folder: Path, port: int) -> Path:
    path = folder / "sources.toml"
    tables = [
        f'[[source]]\nname = "{name}"\nfile = "{name}.sha256"\n'
        f'url = "http://127.0.0.1:{port}/{name}"\n'
        for name in ("good", "gone")
    ]
    path.write_text("".join(tables))
    return path


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARWARD_HOME", str(tmp_path / "home"))


def test_what_can_be_fetched_is_and_the_rest_is_said(tmp_path: Path) -> None:
    with serving(answer) as (port, _):
        words = ("--into", tmp_path / "into", "--sources", listed(tmp_path, port))
        ran = clearward("publish", "fetch", *words, "--json")
    assert ran.status == 1
    assert [one["name"] for one in ran.rows] == ["good", "gone"]
    assert "status 404" in ran.rows[1]["error"]
    assert ran.summary == {"fetched": 1, "failed": 1}
    assert (tmp_path / "into/good/good.sha256").exists()
    assert b"status 404" in ran.err


def test_one_source_can_be_named(tmp_path: Path) -> None:
    with serving(answer) as (port, came):
        words = ("--into", tmp_path / "into", "--sources", listed(tmp_path, port))
        ran = clearward("publish", "fetch", *words, "--source", "good")
        assert len(came) == 1
    assert (ran.status, ran.err) == (0, b"")
    assert ran.out.startswith(b"good: 65 bytes, new")


def test_a_source_that_is_not_listed_is_one_line(tmp_path: Path) -> None:
    ran = clearward("publish", "fetch", "--into", tmp_path, "--source", "mine")
    assert (ran.status, ran.out, ran.err.count(b"\n")) == (2, b"", 1)
