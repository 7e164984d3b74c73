"""Notices reach a program and a socket, and keep nobody waiting."""

import json
import socket
from pathlib import Path

import pytest
from support.guarding import eventually

from clearward.core.errors import Refused
from clearward.faces.guard.notices import Notices

ROW = {"path": "/srv/$(touch x); rm -rf /", "outcome": "found"}


def program(folder: Path, text: str) -> str:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_program_is_run_for_each_one_after_the_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    notices = Notices(program(tmp_path, f'printf "%s\\n" "$1" >> {out}'))
    for _ in range(3):
        notices.give(ROW)

    def done() -> bool:
        notices.go_on()
        return out.exists() and out.read_text().count("\n") == 3

    assert eventually(done)
    assert [json.loads(line) for line in out.read_text().splitlines()] == [ROW] * 3
    notices.close()


def test_a_program_that_does_not_end_costs_notices_alone(tmp_path: Path) -> None:
    notices = Notices(program(tmp_path, "exec sleep 1"))
    for _ in range(150):
        notices.give(ROW)
    assert notices.dropped == 49  # one runs, and a hundred wait
    notices.close()


def test_a_socket_is_sent_the_same_and_need_not_be_read(tmp_path: Path) -> None:
    address = str(tmp_path / "socket")
    notices = Notices(address=address)
    notices.give(ROW)
    assert notices.dropped == 1
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        notices.give(ROW)
        assert json.loads(listening.recv(65536)) == ROW
        for _ in range(2000):  # nobody reads
            notices.give(ROW)
    assert notices.dropped > 1
    notices.close()


def test_a_program_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no program"):
        Notices(str(tmp_path / "missing"))
