"""`prove --egress`: the kernel's counters agree, and lies of the ledger are seen."""

import json
import re
from pathlib import Path

import pytest
from support.command import clearward
from support.labs import in_a_lab

_COMPARE = """
with lab(folder + "/served") as made:
    for tried in attempts.unrecorded(made, Home(folder + "/used")):
        say(tried)
"""


def test_everything_that_is_tried_is_blocked(tmp_path: Path) -> None:
    home = {"CLEARWARD_HOME": str(tmp_path / "untouched")}
    ran = clearward("prove", "--egress", "--json", environment=home)
    if ran.status == 2 and b"needs" in ran.err:
        pytest.skip("no network namespace can be made here")
    assert ran.status == 0, ran.out + ran.err
    names = [row["attempt"] for row in ran.rows]
    assert len(set(names)) == len(names) == ran.summary["attempts"]
    assert ran.summary["blocked"] == len(names)
    kinds = {re.match(r"[a-z]+", name)[0] for name in names}  # type: ignore[index]
    assert kinds == {"leave", "need", "unrecorded", "tell"}
    assert all(set(row) == {"attempt", "result", "blocked"} for row in ran.rows)
    assert not (tmp_path / "untouched").exists()


LIES = {
    "a byte too few": "sent - 1, received",
    "a byte too many": "sent + 1, received",
    "less received": "sent, received - 1",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_ledger_that_is_a_byte_off_is_seen(tmp_path: Path, lie: str) -> None:
    plant = f"""
from clearward.egress.ledger import Ledger
honest = Ledger.close
def close(self, seq, sent, received, answers=()):
    honest(self, seq, {lie}, answers)
Ledger.close = close
attempts._PATIENCE = 0.5
attempts.SIZES = (10,)
"""
    rows = [json.loads(line) for line in in_a_lab(tmp_path, plant + _COMPARE)]
    assert rows
    assert not any(blocked for _, _, blocked in rows)


def test_a_packet_past_the_door_is_seen(tmp_path: Path) -> None:
    plant = """
import socket
honest = attempts.fetch
def fetch(home, targets):
    honest(home, targets)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"x", ("192.0.2.2", 9))
attempts.fetch = fetch
attempts._PATIENCE = 0.5
attempts.SIZES = (10,)
"""
    rows = [json.loads(line) for line in in_a_lab(tmp_path, plant + _COMPARE)]
    assert rows
    assert not any(blocked for _, _, blocked in rows)


def test_a_kernel_that_does_not_count_proves_nothing(tmp_path: Path) -> None:
    plant = """
from clearward.core.errors import Refused
from clearward.faces.prove.counters import Counts
from clearward.faces.prove.lab import Lab
Lab.counts = lambda self: Counts()
attempts._PATIENCE = 0.5
with lab(folder + "/served") as made:
    try:
        list(attempts.unrecorded(made, Home(folder + "/used")))
    except Refused as error:
        print(error)
"""
    (line,) = in_a_lab(tmp_path, plant)
    assert "does not count" in line


def test_what_leaves_unasked_is_seen(tmp_path: Path) -> None:
    plant = """
import socket
def tells(home):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"x", ("192.0.2.2", 9))
    return 0
attempts.works = lambda home: (attempts.Work("tell", lambda: tells(home), 0),)
with lab(folder + "/served") as made:
    for tried in attempts.leaving(made, Home(folder + "/used")):
        say(tried)
"""
    (line,) = in_a_lab(tmp_path, plant)
    assert json.loads(line) == ["leave-tell", "43 bytes", False]


def test_rules_are_not_taken() -> None:
    ran = clearward("prove", "--egress", "--rules", "x")
    assert (ran.status, ran.out) == (2, b"")
