"""Tests of the systemd units: they are right, and the jail is whole under them.

No systemd runs here. What a unit gives and takes is read from its file and done by
other means: capabilities by setpriv, system calls by a filter of the same calls.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "packaging/systemd").iterdir())
DAEMONS = [
    ROOT / f"packaging/systemd/{name}.service"
    for name in ("clearward", "clearward-guard")
]
ANALYZE = shutil.which("systemd-analyze")
SETPRIV = shutil.which("setpriv")

# With each of these a service gets mounts of its own, so that marks see nobody's files.
OWN_MOUNTS = (
    *("ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "RootDirectory"),
    *("ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs"),
    *("ProtectControlGroups", "ProtectProc", "ProcSubset", "ReadWritePaths"),
    *("ReadOnlyPaths", "InaccessiblePaths", "BindPaths", "TemporaryFileSystem"),
    *("MountFlags", "RuntimeDirectory", "PrivateIPC"),
)

FILTERED = """
import ctypes, json, os, sys
from clearward.jail import kernel
from clearward.jail.namespaces import FLAGS
from clearward.jail.seccomp import ALLOW, Argument, Comparison, Rule
from clearward.jail.seccomp import build, fail, install
names, kept = json.loads(sys.argv[1])
refused = sum({**FLAGS, "user": 0x10000000, "pid": 0x20000000}[name]
              for name in {*FLAGS, "user", "pid"} - set(kept))
clear = (Argument(0, Comparison.CLEAR, (refused,)),)
rules = [Rule(name, ALLOW, clear if name == "unshare" else (), fail(1))
         if name in names else Rule(name, fail(1)) for name in kernel.numbers()]
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no new privileges
install(build(tuple(rules)))
os.execv(sys.argv[2], sys.argv[2:])
"""

needs_analyze = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze here")
needs_root = pytest.mark.skipif(
    SETPRIV is None or os.geteuid() != 0,
    reason="only root has the capabilities that a unit keeps",
)


def settings(unit: Path) -> dict[str, str]:
    """The directives of a unit; those that stand several times are joined."""
    found: dict[str, str] = {}
    for line in unit.read_text("ascii").splitlines():
        name, mark, value = line.partition("=")
        if mark and not line.startswith("#"):
            found[name] = f"{found[name]} {value}" if name in found else value
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with a program that is there."""
    folder = tmp_path_factory.mktemp("units")
    for unit in UNITS:
        text = unit.read_text("ascii").replace("/usr/bin/clearward", sys.executable)
        (folder / unit.name).write_text(text)
    return folder


def analyze(*words: str | Path) -> str:
    done = subprocess.run(
        (str(ANALYZE), *map(str, words)), capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@needs_analyze
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit: Path, installed: Path) -> None:
    assert analyze("verify", "--man=no", installed / unit.name) == ""


@needs_analyze
@pytest.mark.parametrize(
    ("name", "most"),
    [("clearward", 4.0), ("clearward-update", 4.0), ("clearward-witness", 2.0)],
)
def test_nothing_is_exposed_more_than_it_must(
    installed: Path, name: str, most: float
) -> None:
    unit = installed / f"{name}.service"
    said = analyze("security", "--offline=true", "--no-pager", unit)
    level = re.search(rf"exposure level for {name}.service: (\d\.\d)", said)
    assert level is not None
    assert float(level[1]) <= most


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_socket_is_for_a_face_and_for_the_server(unit: Path) -> None:
    if unit.suffix == ".socket":
        said = settings(unit)
        assert said["FileDescriptorName"] in {"clamd", "icap", "http"}
        assert said["Service"] == "clearward.service"
        assert re.fullmatch(r"/run/clearward/.*|127\.0\.0\.1:\d+", said["ListenStream"])


@pytest.mark.parametrize("unit", DAEMONS, ids=lambda unit: unit.name)
def test_signs_of_life_and_the_end_are_set(unit: Path) -> None:
    said = settings(unit)
    assert said["Type"] == "notify"
    assert int(said["WatchdogSec"]) > 0
    assert said["ExecReload"].endswith("kill -HUP $MAINPID")
    # The gate of the guard outlives a guard that dies.
    guards = unit.name == "clearward-guard.service"
    assert said["KillMode"] == ("process" if guards else "mixed")
    assert said["OOMPolicy"] == "continue"


def test_the_guard_has_no_mounts_of_its_own() -> None:
    said = settings(ROOT / "packaging/systemd/clearward-guard.service")
    assert [name for name in OWN_MOUNTS if name in said] == []
    assert said["PrivateMounts"] == "no"


def test_the_folder_of_the_socket_outlives_the_server() -> None:
    assert "RuntimeDirectory" not in settings(
        ROOT / "packaging/systemd/clearward.service"
    )


def level(command: tuple[str, ...], scanned: Path) -> str:
    """The protection that a scan reaches behind a command; empty if there is none."""
    scan = (sys.executable, "-m", "clearward", "scan", "--json", "--no-cache")
    done = subprocess.run(
        (*command, *scan, "--require-level", "D", str(scanned)),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        return ""
    return str(json.loads(lines[-1]).get("summary", {}).get("protection", ""))


def kept(capabilities: set[str]) -> tuple[str, ...]:
    """A command that keeps these capabilities alone."""
    names = ",".join(
        "+" + one.removeprefix("CAP_").lower() for one in sorted(capabilities)
    )
    return (str(SETPRIV), f"--bounding-set=-all,{names}", "--no-new-privs", "--")


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"a file")
    if level((), path) != "A":
        pytest.skip("this machine does not reach level A at all")
    return path


@needs_root
@pytest.mark.parametrize("unit", DAEMONS, ids=lambda unit: unit.name)
def test_the_jail_is_whole_with_the_capabilities_of_a_unit(
    unit: Path, scanned: Path
) -> None:
    capabilities = set(settings(unit)["CapabilityBoundingSet"].split())
    assert level(kept(capabilities), scanned) == "A"


@needs_root
@pytest.mark.parametrize(
    "taken", ["SYS_ADMIN", "SYS_CHROOT", "SETUID", "SETGID", "KILL"]
)
def test_no_capability_is_kept_that_is_not_needed(taken: str, scanned: Path) -> None:
    said = settings(ROOT / "packaging/systemd/clearward.service")
    capabilities = set(said["CapabilityBoundingSet"].split()) - {f"CAP_{taken}"}
    assert level(kept(capabilities), scanned) != "A"


def calls(filters: str) -> set[str]:
    """The system calls that a SystemCallFilter allows."""
    found: set[str] = set()
    for word in filters.split():
        if not word.startswith("@"):
            found.add(word)
            continue
        lines = [line.strip() for line in analyze("syscall-filter", word).splitlines()]
        inside = [line for line in lines[1:] if line and not line.startswith("#")]
        found |= calls(" ".join(inside))
    return found


@needs_analyze
@needs_root
@pytest.mark.parametrize("unit", DAEMONS, ids=lambda unit: unit.name)
def test_the_jail_is_whole_with_the_system_calls_of_a_unit(
    unit: Path, scanned: Path
) -> None:
    said = settings(unit)
    names = sorted(calls("@default " + said["SystemCallFilter"]))
    namespaces = said["RestrictNamespaces"].split()

    def under(names: list[str], namespaces: list[str]) -> str:
        given = json.dumps([names, namespaces])
        return level((sys.executable, "-c", FILTERED, given), scanned)

    assert under(names, namespaces) == "A"
    assert under(names, [name for name in namespaces if name != "net"]) != "A"
    for needed in ("chroot", "seccomp", "landlock_restrict_self"):
        assert under([name for name in names if name != needed], namespaces) != "A"
