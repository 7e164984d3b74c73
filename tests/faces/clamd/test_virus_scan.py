"""c-icap of Debian: its virus_scan and clamd_mod ask a running server."""

import re
import subprocess
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
from support.daemons import found, started
from support.marks import EICAR


@dataclass(frozen=True, slots=True)
class Icap:
    """One that runs: its port."""

    port: int

    def asked(self, path: Path, folder: Path) -> tuple[str, bytes]:
        """Its status line's code for a file, and what came in the file's place."""
        out = folder / f"{path.name}.out"
        ran = subprocess.run(
            [
                *(found("c-icap-client"), "-i", "127.0.0.1", "-p", str(self.port)),
                *("-s", "avscan", "-f", path, "-o", out, "-v", "-nopreview"),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        code = re.search(r"ICAP/1\.0 (\d+)", ran.stdout + ran.stderr)
        assert code is not None, ran.stdout + ran.stderr
        return code.group(1), out.read_bytes() if out.exists() else b""


def configuration(folder: Path, modules: Path, port: int, clamd: str) -> str:
    """One process that scans all, and passes on nothing that could not be scanned."""
    return f"""
PidFile {folder}/icap.pid
CommandsSocket {folder}/icap.ctl
StartServers 1
MaxServers 1
ThreadsPerChild 5
Port 127.0.0.1:{port}
TmpDir {folder}
ModulesDir {modules}
ServicesDir {modules}
TemplateDir /usr/share/c_icap/templates/
TemplateDefaultLanguage en
LoadMagicFile /etc/c-icap/c-icap.magic
ServerLog {folder}/icap.server
AccessLog {folder}/icap.access
Module common clamd_mod.so
clamd_mod.ClamdSocket {clamd}
Service antivirus_module virus_scan.so
ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple
virus_scan.DefaultEngine clamd
virus_scan.PassOnError off
virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE
"""


@pytest.fixture(scope="module")
def icap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Icap]:
    program = found("c-icap")
    modules = next(Path("/usr/lib").glob("*/c_icap/virus_scan.so"), None)
    if modules is None:
        pytest.skip("virus_scan of c-icap is not installed")
    folder = open_folder(tmp_path_factory, "icap")
    path, port = folder / "icap.conf", free_port()
    with ExitStack() as stack:
        one = stack.enter_context(desk(folder, f"MaxFileSize {LIMIT}"))
        path.write_text(configuration(folder, modules.parent, port, one.unix))
        command: list[str | Path] = [program, "-f", path, "-N"]
        stack.enter_context(started(command, folder / "icap.log", port))
        yield Icap(port)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return samples(tmp_path_factory.mktemp("files"))


def test_a_clean_file_passes(icap: Icap, files: Samples, tmp_path: Path) -> None:
    code, came = icap.asked(files.clean, tmp_path)
    assert code == "204" or came == files.clean.read_bytes()


def test_the_test_file_is_replaced(icap: Icap, files: Samples, tmp_path: Path) -> None:
    code, came = icap.asked(files.found, tmp_path)
    assert code == "200"
    assert NAME.encode() in came
    assert EICAR not in came


@pytest.mark.parametrize("name", ["large", "locked"])
def test_what_is_unscanned_does_not_pass(
    icap: Icap, files: Samples, tmp_path: Path, name: str
) -> None:
    path: Path = getattr(files, name)
    code, came = icap.asked(path, tmp_path)
    assert code != "204"
    assert path.read_bytes() not in came


def test_the_command_sees_that_it_blocks(icap: Icap) -> None:
    place = f"127.0.0.1:{icap.port}/avscan"
    ran = clearward("selftest", "--icap", place, "--json")
    assert [row["outcome"] for row in ran.rows] == ["blocked"]
    assert ran.status == 0
