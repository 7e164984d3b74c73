"""Every recorded command line of clamscan and clamdscan does the same here.

Those of clamdscan ask the real clamd, with the settings of the recording.

Different on purpose: what was not looked at has an ERROR line, counts as an error, and
the status is 2. In the recorded lines that was OK and 0.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from support.clam_lines import Lines, run, timeless
from support.marks import EICAR
from support.real_clamd import running

from shared.conftest import DEFAULT, unpacked

NAME = "clamdscan_clamscan_cli.json"
FOLDER = Path(os.environ.get("CLEARWARD_SHARED", DEFAULT)) / "transcripts"
# What is not the same, and what it is instead: status, and a line on standard output.
BETTER = {
    "clamscan.noarchive": (2, "$DIR/files/eicar_com.zip: depth-limit ERROR"),
    "clamscan.maxsize.silent": (2, "$DIR/files/big.bin: size-limit ERROR"),
    # A link that is named is followed.
    "unix.link": (1, "$DIR/files/eicar.com: Eicar-Test-Signature.UNOFFICIAL FOUND"),
    "tcp.link": (1, "$DIR/files/eicar.com: Eicar-Test-Signature.UNOFFICIAL FOUND"),
    "excluded": (2, "$DIR/files/tree/sub: Excluded"),
    # The answer is heard, where the recorded client saw a broken connection.
    "unix.stream.2MiB": (
        2,
        'Failed to parse reply: "INSTREAM size limit exceeded. ERROR"',
    ),
}
# What was on standard input, where it is known.
GIVEN = {"stdin.clean": b"hello", "stdin.eicar": EICAR}
# The inner debug messages of another program, and the file that it writes.
OTHERS_INSIDE = ("clamscan.gen-json",)

pytestmark = pytest.mark.shared


def _cases(program: str) -> list[Any]:
    path = FOLDER / NAME
    if not path.is_file():
        return []
    cases = json.loads(path.read_text("utf-8"))["cases"]
    return [
        pytest.param(case, id=case["label"])
        for case in cases
        if case["argv"][0] == program
    ]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the recorded lines call $DIR."""
    folder = tmp_path_factory.mktemp("recorded")
    unpacked(FOLDER / "files.tar.zst", folder)
    os.mkfifo(folder / "files/fifo")
    listed = folder / "files/list.txt"
    listed.write_text(listed.read_text("utf-8").replace("$DIR", str(folder)))
    (folder / "clamd").mkdir()
    shutil.copytree(folder / "db", folder / "clamd/db")
    return folder


@pytest.fixture(scope="module")
def daemons(recorded: Path) -> Iterator[Path]:
    """The same folder, with the two servers of the recording."""
    configs = json.loads((FOLDER / "clamd_raw.json").read_text("utf-8"))["configs"]
    clamd = recorded / "clamd"
    with ExitStack() as stack:
        for name, files in (("A", ("c_unix", "c_tcp")), ("B", ("c_b",))):
            kept = [line for line in configs[name].splitlines() if _kept(line)]
            settings = "\n".join([*kept, ""]).replace("$DIR", str(recorded))
            server = stack.enter_context(
                running(clamd / name, recorded / "db", settings)
            )
            for file in files:
                exclude = [line for line in kept if line.startswith("ExcludePath")]
                more = "\n".join([*exclude, ""]).replace("$DIR", str(recorded))
                server.conf(clamd, f"{file}.conf", tcp=file == "c_tcp", more=more)
        yield recorded


def _kept(line: str) -> bool:
    """Say whether a setting of the recorded server is kept."""
    word = line.partition(" ")[0]
    return word.startswith(("Stream", "Max", "Allow", "Alert", "Exclude", "Extended"))


@pytest.mark.parametrize("case", _cases("clamdscan"))
def test_clamdscan_says_what_was_recorded(
    case: dict[str, Any], daemons: Path, request: pytest.FixtureRequest
) -> None:
    label = case["label"]
    if "victim.com" in case["argv"][-1]:
        _victim(case, daemons)
    if case["argv"][-1].endswith("two.bin"):
        (daemons / "files/two.bin").write_bytes(bytes(2 << 20))
        request.addfinalizer((daemons / "files/two.bin").unlink)
    given = GIVEN.get(label.partition(".")[2], b"")
    ran = _run(case, daemons, given)
    _compare(case, ran)
    if case.get("exists_after") is False:
        assert not (daemons / "files/victim.com").exists()
    if "after" in case:
        assert sorted(os.listdir(daemons / "q")) == case["after"]


def _victim(case: dict[str, Any], folder: Path) -> None:
    """Put a file to be moved where it was, and before it those that were moved."""
    shutil.copy(folder / "files/eicar.com", folder / "files/victim.com")
    shutil.rmtree(folder / "q", ignore_errors=True)
    (folder / "q").mkdir()
    for name in case.get("after", ())[:-1]:
        (folder / "q" / name).touch()


@pytest.mark.parametrize("case", _cases("clamscan"))
def test_clamscan_says_what_was_recorded(case: dict[str, Any], recorded: Path) -> None:
    ran = _run(case, recorded)
    _compare(case, ran)


def _compare(case: dict[str, Any], ran: Lines) -> None:
    label = case["label"]
    if label in BETTER:
        status, line = BETTER[label]
        assert ran.status == status
        assert line in ran.out.splitlines()
        return
    assert ran.status == case["exit"]
    assert ran.sorted == sorted(timeless(case["stdout"]).splitlines())
    if label not in OTHERS_INSIDE:
        assert ran.err == case["stderr"]


def _run(case: dict[str, Any], recorded: Path, given: bytes = b"") -> Lines:
    words = [word.replace("$DIR", str(recorded)) for word in case["argv"]]
    ran = run(*words, given=given)
    return Lines(
        ran.status,
        ran.out.replace(str(recorded), "$DIR"),
        ran.err.replace(str(recorded), "$DIR"),
    )
