"""Amavis of Debian asks a running server: CONTSCAN for the folder of a mail's parts.

The entry for the scanner is the one that Debian has, with another address. What is not
scanned makes a mail UNCHECKED, never CLEAN: what becomes of it then is Amavis' setting.
"""

import os
import pwd
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.clamd_served import (
    LIMIT,
    NAME,
    Samples,
    desk,
    free_port,
    open_folder,
    samples,
)
from support.command import clearward
from support.daemons import found, started, written
from support.smtp_sink import sink


@dataclass(frozen=True, slots=True)
class Amavis:
    """One that runs: where it takes mail, and its log."""

    port: int
    log: Path

    def given(self, attached: Path) -> tuple[int, str]:
        """What it answers to a mail with a file (250: taken), and what it logs."""
        before = len(self.log.read_text(errors="replace"))
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as one:
            one.ehlo()
            one.mail("a@example.org")
            one.rcpt("b@example.org")
            code, _ = one.data(written(attached))
        return code, self.log.read_text(errors="replace")[before:]


def configuration(home: Path, port: int, onward: int, clamd: str) -> str:
    """It looks for viruses alone, and rejects them while the sender waits."""
    return f"""
use strict;
$MYHOME = "{home}"; $TEMPBASE = $MYHOME; $helpers_home = $MYHOME;
$db_home = undef; $QUARANTINEDIR = undef;
$daemon_user = "{home.owner()}"; $daemon_group = "{home.group()}";
$pid_file = "$MYHOME/pid"; $lock_file = "$MYHOME/lock";
$max_servers = 1; $enable_db = 0; $enable_zmq = 0; $enable_global_cache = 0;
$myhostname = 'mail.example.org'; $mydomain = 'example.org';
$inet_socket_bind = '127.0.0.1'; $inet_socket_port = {port};
@inet_acl = qw(127.0.0.1); $unix_socketname = undef;
$DO_SYSLOG = 0; $LOGFILE = undef; $log_level = 2;
@bypass_spam_checks_maps = (1); @bypass_banned_checks_maps = (1);
@bypass_header_checks_maps = (1);
$enable_dkim_verification = 0; $enable_dkim_signing = 0;
$final_virus_destiny = D_REJECT; $virus_quarantine_method = undef;
$clean_quarantine_method = undef; $virus_admin = undef; $warnvirussender = 0;
$forward_method = 'smtp:[127.0.0.1]:{onward}'; $notify_method = $forward_method;
@decoders = (['mail', \\&do_mime_decode]);
@av_scanners = (['ClamAV-clamd',
  \\&ask_daemon, ["CONTSCAN {{}}\\n", "{clamd}"],
  qr/\\bOK$/m, qr/\\bFOUND$/m, qr/^.*?: (?!Infected Archive)(.*) FOUND$/m]);
@av_scanners_backup = ();
1;
"""


@pytest.fixture(scope="module")
def amavis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amavis]:
    program = found("amavisd")
    folder = open_folder(tmp_path_factory, "amavis")
    home, log, port = folder / "mails", folder / "amavis.log", free_port()
    home.mkdir()
    if os.geteuid() == 0:  # it refuses to be root
        user = pwd.getpwnam("amavis")
        os.chown(home, user.pw_uid, user.pw_gid)
    path = folder / "amavis.conf"
    with ExitStack() as stack:
        one = stack.enter_context(desk(folder, f"MaxFileSize {LIMIT}"))
        onward = stack.enter_context(sink())
        path.write_text(configuration(home, port, onward, one.unix))
        path.chmod(0o644)
        command: list[str | Path] = [program, "-c", path, "foreground"]
        stack.enter_context(started(command, log, port))
        yield Amavis(port, log)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return samples(tmp_path_factory.mktemp("files"))


def test_a_mail_is_rejected_for_the_test_file_alone(
    amavis: Amavis, files: Samples
) -> None:
    code, logged = amavis.given(files.clean)
    assert code == 250
    assert "Passed CLEAN" in logged
    code, logged = amavis.given(files.found)
    assert code == 554
    assert f"Blocked INFECTED ({NAME})" in logged


@pytest.mark.parametrize("name", ["large", "locked"])
def test_what_is_unscanned_is_unchecked_and_not_clean(
    amavis: Amavis, files: Samples, name: str
) -> None:
    path: Path = getattr(files, name)
    _, logged = amavis.given(path)
    assert "ALL VIRUS SCANNERS FAILED" in logged
    assert "UNCHECKED" in logged
    assert "CLEAN" not in logged


def test_the_command_sees_that_it_blocks(amavis: Amavis) -> None:
    place = f"127.0.0.1:{amavis.port}"
    ran = clearward("selftest", "--postfix", place, "--to", "b@example.org", "--json")
    assert [row["outcome"] for row in ran.rows] == ["blocked"]
    assert ran.status == 0
