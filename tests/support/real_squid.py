"""squid in front of c-icap in front of clamd, as Debian has them."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.real_clamd import running

_SECONDS = 60.0
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


@dataclass(frozen=True, slots=True)
class Chain:
    """What listens where on 127.0.0.1."""

    squid: int
    icap: int
    clamd: Path


@contextmanager
def chain(folder: Path, database: Path) -> Iterator[Chain]:
    """Run all three; skip where one of them is not installed.

    Args:
        folder: an empty one that others may enter, since squid gives up being root.
        database: clamd's signatures.
    """
    squid, icap = (shutil.which(name, path=_PATH) for name in ("squid", "c-icap"))
    modules = next(Path("/usr/lib").glob("*/c_icap/virus_scan.so"), None)
    if squid is None or icap is None or modules is None:
        pytest.skip("squid, c-icap or its virus_scan is not installed")
    with ExitStack() as stack:
        settings = "LocalSocketMode 666\n"
        clamd = stack.enter_context(running(folder / "c", database, settings))
        ports = Chain(_free(), _free(), clamd.path)
        (folder / "icap.conf").write_text(_icap(folder, modules.parent, ports))
        (folder / "squid.conf").write_text(_squid(folder, ports))
        for program, name, port in (
            (icap, "icap.conf", ports.icap),
            (squid, "squid.conf", ports.squid),
        ):
            quiet = subprocess.DEVNULL
            process = subprocess.Popen(
                [program, "-f", str(folder / name), "-N"], stdout=quiet, stderr=quiet
            )
            stack.callback(_end, process)
            _wait(process, port)
        yield ports


def _icap(folder: Path, modules: Path, ports: Chain) -> str:
    return f"""
PidFile {folder}/icap.pid
CommandsSocket {folder}/icap.ctl
StartServers 1
MaxServers 1
ThreadsPerChild 5
Port 127.0.0.1:{ports.icap}
TmpDir {folder}
ModulesDir {modules}
ServicesDir {modules}
TemplateDir /usr/share/c_icap/templates/
TemplateDefaultLanguage en
LoadMagicFile /etc/c-icap/c-icap.magic
ServerLog {folder}/icap.log
AccessLog {folder}/icap.access
Service echo srv_echo.so
Module common clamd_mod.so
clamd_mod.ClamdSocket {ports.clamd}
Service antivirus_module virus_scan.so
ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple
virus_scan.DefaultEngine clamd
virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE
"""


def _squid(folder: Path, ports: Chain) -> str:
    service = f"icap://127.0.0.1:{ports.icap}/avscan bypass=off"
    return f"""
http_port 127.0.0.1:{ports.squid}
http_access allow all
cache deny all
pid_filename none
access_log none
cache_log {folder}/squid.log
coredump_dir {folder}
icap_enable on
icap_preview_enable on
icap_service asks reqmod_precache {service}
icap_service answers respmod_precache {service}
adaptation_access asks allow all
adaptation_access answers allow all
shutdown_lifetime 1 seconds
"""


def _free() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            if os.geteuid() != 0:
                pytest.skip(f"{process.args!r} does not run as this user")
            pytest.fail(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nobody listens on {port}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(_SECONDS)
