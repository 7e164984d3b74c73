"""Postfix and clamav-milter of Debian, with a running server behind them."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.clamd_served import desk, free_port, open_folder
from support.command import clearward
from support.daemons import found, started

SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.org
mydestination = mail.example.org
mynetworks = 127.0.0.0/8
local_recipient_maps =
local_transport = discard:
default_transport = discard:
smtpd_milters = inet:127.0.0.1:{milter}
milter_default_action = tempfail
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
"""
MILTER = """
MilterSocket inet:{milter}@127.0.0.1
ClamdSocket unix:{clamd}
OnInfected Reject
OnFail Defer
Foreground yes
"""


@pytest.fixture(scope="module")
def postfix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port that takes mail."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser starts Postfix")
    programs = found("postfix"), found("clamav-milter")
    folder = open_folder(tmp_path_factory, "postfix")
    port, milter = free_port(), free_port()
    conf = folder / "conf"
    for name in (conf, folder / "queue", folder / "data"):
        name.mkdir()
        name.chmod(0o755)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    (conf / "main.cf").write_text(SETTINGS.format(folder=folder, milter=milter))
    (conf / "master.cf").write_text(SERVICES.format(port=port))
    with ExitStack() as stack:
        one = stack.enter_context(desk(folder))
        path = folder / "milter.conf"
        path.write_text(MILTER.format(milter=milter, clamd=one.unix))
        commands: list[tuple[list[str | Path], int]] = [
            ([programs[1], "-c", path], milter),
            ([programs[0], "-c", conf, "start-fg"], port),
        ]
        for number, (command, place) in enumerate(commands):
            log = folder / f"{number}.log"
            stack.enter_context(started(command, log, place))
        # Its child would go on without it.
        stop = (programs[0], "-c", conf, "stop")
        stack.callback(subprocess.run, stop, check=True, capture_output=True)
        yield port


def test_the_command_sees_that_a_chain_of_postfix_blocks(postfix: int) -> None:
    to = ("--to", "root@mail.example.org")
    ran = clearward("selftest", "--postfix", f"127.0.0.1:{postfix}", *to, "--json")
    assert [row["outcome"] for row in ran.rows] == ["blocked"]
    assert ran.status == 0
