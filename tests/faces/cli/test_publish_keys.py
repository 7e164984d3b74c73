"""`clearward publish rotate` and `publish sign`, as a person and a program see them."""

from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.repositories import Repositories
from support.tuf_client import Client


def run(made: Repositories, word: str, *words: str | Path) -> Ran:
    return clearward("publish", word, "--repo", made.folder, *words)


def test_a_key_that_is_kept_elsewhere_signs_what_waits(tmp_path: Path) -> None:
    made = Repositories(tmp_path, thresholds={"root": 2})
    made.add("One")
    client = Client(made.folder)
    away = (made.keys / "root-2.pem").rename(tmp_path / "away.pem")
    ran = run(made, "rotate", "--keys", made.keys, "timestamp", "--json")
    assert ran.status == 0, ran.err
    assert "1 signatures, and 2" in ran.summary["waiting"]
    ran = run(made, "sign", "--key", away, "--json")
    assert (ran.status, ran.summary) == (0, {"signed": 1, "waiting": 0})
    (row,) = ran.rows
    says = row.pop("says")
    assert row == {"role": "root", "version": 2, "signatures": 2, "complete": True}
    assert any(line.startswith("root: 2 of ") for line in says)
    assert run(made, "refresh", "--keys", made.keys).status == 0
    client.see()
    ran = run(made, "sign", "--key", away)
    assert ran.status == 2
    assert b"nothing waits" in ran.err


@pytest.mark.parametrize("role", ["root", "log"])
def test_a_role_gets_a_new_key(tmp_path: Path, role: str) -> None:
    made = Repositories(tmp_path)
    old = (made.keys / f"{role}.pem").read_bytes()
    client = Client(made.folder)
    ran = run(made, "rotate", "--keys", made.keys, role, "--json")
    assert (ran.status, ran.summary["role"], ran.summary["waiting"]) == (0, role, "")
    assert (made.keys / f"{role}.pem").read_bytes() != old
    client.see()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("rotate", "other"), "other: no role; they are root", id="role"),
        pytest.param(("rotate", "root", "env"), "made in a folder", id="environment"),
        pytest.param(("sign", "none.pem"), "none.pem: cannot be read", id="key"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    made = Repositories(tmp_path)
    word, what, *where = words
    keys: str | Path = "env:NONE" if where else made.keys
    more = ("--key", what) if word == "sign" else (what, "--keys", keys)
    ran = run(made, word, *more)
    assert ran.status == 2
    assert said in ran.err.decode()
    assert ran.err.count(b"\n") == 1
