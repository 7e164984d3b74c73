"""Rspamd of Debian asks a running server, in its own way, about what is attached.

Rspamd 3.4 trips over every answer that is an error (its clamav.lua looks for a name
where there is none) and gives no symbol then; `AlertExceedsMax` has it give one.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from support.clamd_served import (
    LIMIT,
    NAME,
    Desk,
    Samples,
    desk,
    free_port,
    open_folder,
    samples,
)
from support.command import clearward
from support.daemons import found, started, written

MOST = 64 << 10  # bytes of one object
CONF = ("AlertExceedsMax yes", "AlertEncrypted yes", f"MaxFileSize {MOST}")
CLEAN = "message or mime_part is clean"
TRIPPED = ("callback call failed", "unhandled response")


@dataclass(frozen=True, slots=True)
class Rspamd:
    """One that runs: its port, its log, and the server that it asks."""

    port: int
    log: Path
    desk: Desk

    def asked(self, attached: Path) -> tuple[dict[str, Any], str]:
        """What it says of a mail with a file, and what it logs meanwhile."""
        before = len(self.log.read_text())
        asking = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"From": "a@example.org", "Rcpt": "b@example.org"}
        with closing(asking):
            asking.request("POST", "/checkv2", written(attached), headers)
            said = json.load(asking.getresponse())
        return said, self.log.read_text()[before:]


def configuration(folder: Path, port: int, clamd: str) -> str:
    """Rspamd's own rules, and of its modules the one for scanners."""
    (folder / "tld").write_text("org\n")
    share = "/usr/share/rspamd"
    return f"""
options {{
    pidfile = "{folder}/rspamd.pid"; tempdir = "{folder}";
    control_socket = "{folder}/control mode=0600";
    hs_cache_dir = "{folder}"; cache_file = "{folder}/symbols";
    rrd = ""; history_file = ""; filters = ""; disable_hyperscan = true;
    explicit_modules = ["antivirus"]; url_tld = "{folder}/tld";
    dns {{ nameserver = ["127.0.0.1:9"]; timeout = 1s; retransmits = 1; }}
}}
logging {{ type = "console"; level = "info"; }}
lua = "{share}/rules/rspamd.lua";
modules {{ path = "{share}/plugins/antivirus.lua"; }}
actions {{ reject = 15; add_header = 6; greylist = 4; }}
antivirus {{ first {{
    type = "clamav"; symbol = "CLAM_VIRUS"; action = "reject"; servers = "{clamd}";
    log_clean = true; timeout = 30s;
}} }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
"""


@contextmanager
def running(folder: Path, *conf: str, unix: bool = False) -> Iterator[Rspamd]:
    """Run it in front of a server.

    Args:
        folder: an empty one.
        conf: lines of the server's clamd.conf.
        unix: ask behind the Unix socket.
    """
    program = found("rspamd")
    log, path, port = folder / "rspamd.log", folder / "rspamd.conf", free_port()
    with ExitStack() as stack:
        one = stack.enter_context(desk(folder, *conf))
        place = one.unix if unix else f"127.0.0.1:{one.port}"
        path.write_text(configuration(folder, port, place))
        root = ["-i"] if os.geteuid() == 0 else []
        command: list[str | Path] = [program, "-f", *root, "-c", path]
        stack.enter_context(started(command, log, port))
        yield Rspamd(port, log, one)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return samples(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def rspamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rspamd]:
    with running(open_folder(tmp_path_factory, "rspamd")) as one:
        yield one


def test_a_mail_is_rejected_for_the_test_file_alone(
    rspamd: Rspamd, files: Samples
) -> None:
    said, logged = rspamd.asked(files.clean)
    assert said["action"] == "no action"
    assert CLEAN in logged
    said, logged = rspamd.asked(files.found)
    assert said["action"] == "reject"
    assert said["symbols"]["CLAM_VIRUS"]["options"] == [NAME]
    assert CLEAN not in logged


@pytest.mark.parametrize("name", ["large", "locked"])
def test_what_is_unscanned_is_never_said_to_be_clean(
    rspamd: Rspamd, files: Samples, name: str
) -> None:
    path: Path = getattr(files, name)
    said, logged = rspamd.asked(path)
    assert CLEAN not in logged
    assert any(words in logged for words in TRIPPED) or (
        "CLAM_VIRUS_FAIL" in said["symbols"]
    )


def test_the_command_sees_that_it_blocks(rspamd: Rspamd) -> None:
    ran = clearward("selftest", "--rspamd", f"127.0.0.1:{rspamd.port}", "--json")
    assert [row["outcome"] for row in ran.rows] == ["blocked"]
    assert ran.status == 0


def test_a_limit_that_alerts_gives_its_symbol_for_failures(
    tmp_path_factory: pytest.TempPathFactory, files: Samples
) -> None:
    folder = open_folder(tmp_path_factory, "alerts")
    long = folder / "long"
    long.write_bytes(bytes(range(256)) * (LIMIT // 512))
    with running(folder, *CONF, unix=True) as one:
        said, logged = one.asked(long)
        assert CLEAN not in logged
        assert "Heuristics.Limits.Exceeded" in logged
        assert "CLAM_VIRUS_FAIL" in said["symbols"]
        said, logged = one.asked(files.locked)
        assert CLEAN not in logged
        assert "CLAM_VIRUS_ENCRYPTED" in said["symbols"]
        assert one.asked(files.found)[0]["action"] == "reject"
