"""An exclusion counts within 2 s in what runs, says so everywhere, and ends."""

import http.client
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command import Ran, clearward
from support.marks import MARK
from support.served import Served, ask, instream, served

SOON = 2.0  # seconds
TWO = (
    'rule First { strings: $a = "INERT" condition: $a }\n'
    'rule Second { strings: $a = "MARK" condition: $a }\n'
)


def rules(folder: Path) -> str:
    path = folder / "two.yar"
    path.write_text(TWO)
    return str(path)


def change(home: Path, *words: str) -> Ran:
    ran = clearward("rules", *words, environment={"CLEARWARD_HOME": str(home)})
    assert ran.status == 0, ran.err
    return ran


def within(true: Callable[[], object], seconds: float = SOON) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)


class Asked:
    """A server, as clients of each face see it."""

    def __init__(self, server: Served) -> None:
        self._server = server

    def web(self, method: str, path: str, body: bytes = b"") -> Any:  # noqa: ANN401 - JSON
        place = self._server.place("http")
        assert isinstance(place, tuple)
        link = http.client.HTTPConnection(*place, timeout=30)
        link.request(method, path, body)
        data = link.getresponse().read()
        link.close()
        return data.decode() if path == "/metrics" else json.loads(data)

    def rest(self) -> dict[str, Any]:
        (row,) = self.web("POST", "/v1/scan", MARK)["files"]
        return dict(row)

    def clamd(self) -> bytes:
        place = self._server.place("clamd")
        return ask(place, instream(MARK))

    def icap(self) -> tuple[int, str]:
        """Status, and the tag."""
        place = self._server.place("icap")
        head = b"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"
        reply = b"HTTP/1.1 200 OK\r\n\r\n"
        request = (
            b"RESPMOD icap://h/avscan ICAP/1.0\r\nHost: h\r\nAllow: 204\r\n"
            b"Encapsulated: req-hdr=0, res-hdr=%d, res-body=%d\r\n\r\n"
            % (len(head), len(head) + len(reply))
        )
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(MARK), MARK)
        assert isinstance(place, tuple)
        with socket.create_connection(place, 30) as link:
            link.sendall(request + head + reply + body)
            said = link.recv(65536).decode("latin-1")
        tag = next(line for line in said.split("\r\n") if line.startswith("ISTag"))
        return int(said.split(" ")[1]), tag


@pytest.fixture(name="server")
def fixture_server(tmp_path: Path) -> Iterator[Served]:
    options = [
        word
        for face in ("http", "clamd", "icap")
        for word in (f"--{face}", "tcp:127.0.0.1:0")
    ]
    with served(tmp_path, *options, "--rules", rules(tmp_path)) as one:
        yield one


def home_of(server: Served) -> Path:
    words = Path(f"/proc/{server.process.pid}/environ").read_bytes().split(b"\0")
    (said,) = (word for word in words if word.startswith(b"CLEARWARD_HOME="))
    return Path(os.fsdecode(said.partition(b"=")[2]))


def test_a_running_server_leaves_out_what_is_excluded(server: Served) -> None:
    asked, home = Asked(server), home_of(server)
    assert asked.rest()["rules"] == [{"name": "First", "origin": "local"}]
    assert b"FOUND" in asked.clamd()
    status, tag = asked.icap()
    assert status == 200

    change(home, "exclude", "First", "--for", "1d")
    within(lambda: asked.rest()["rules"][0]["name"] == "Second")
    assert asked.rest()["excluded"][0]["name"] == "First"
    assert b"Second" in asked.clamd()

    change(home, "exclude", "Second", "--for", "1d")
    within(lambda: asked.rest()["outcome"] == "clean")
    assert asked.rest()["cached"] is False
    assert b"OK" in asked.clamd()
    status, other = asked.icap()
    assert status == 204
    assert other != tag

    ready = asked.web("GET", "/readyz")
    assert (ready["exclusions"], ready["exclusions_damaged"]) == (2, False)
    figures = asked.web("GET", "/metrics")
    assert "clearward_exclusions 2.0" in figures
    assert "clearward_excluded_total 0.0" not in figures
    assert "match left out" in server.log.read_text()

    change(home, "include", "First")
    change(home, "include", "Second")
    within(lambda: asked.rest()["outcome"] == "found")
    assert b"FOUND" in asked.clamd()
    assert asked.icap() == (200, tag)


def test_a_running_server_says_that_a_file_is_damaged_and_excludes_nothing(
    server: Served,
) -> None:
    asked, home = Asked(server), home_of(server)
    change(home, "exclude", "First", "--for", "1d")
    change(home, "exclude", "Second", "--for", "1d")
    within(lambda: asked.rest()["outcome"] == "clean")
    (home / "exclusions.json").write_bytes(b"{")
    within(lambda: asked.rest()["outcome"] == "found")
    assert asked.web("GET", "/readyz")["exclusions_damaged"] is True
    assert "clearward_exclusions_damaged 1.0" in asked.web("GET", "/metrics")
    server.says("exclusions not in force")


def test_an_exclusion_ends_by_itself(server: Served) -> None:
    asked, home = Asked(server), home_of(server)
    change(home, "exclude", "First", "--for", "1d")
    change(home, "exclude", "Second", "--for", "4s")
    within(lambda: asked.rest()["outcome"] == "clean")
    within(lambda: asked.rest()["outcome"] == "found", 10)
    assert "excluded" in asked.rest()


def test_the_summary_of_prove_names_them(tmp_path: Path) -> None:
    home = {"CLEARWARD_HOME": str(tmp_path)}
    assert "exclusions" not in clearward("prove", "--json", environment=home).summary
    change(tmp_path, "exclude", "First", "--for", "1d")
    ran = clearward("prove", "--json", environment=home)
    assert ran.summary["exclusions"] == ["First"]
    assert "left out of verdicts: First" in (
        clearward("prove", environment=home).out.decode()
    )
