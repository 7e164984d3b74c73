"""Every recorded command line of clamscan does the same here.

Different on purpose: what was not looked at has an ERROR line, counts as an error, and
the status is 2. In the recorded lines that was OK and 0.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.clam_lines import Lines, run, timeless

from shared.conftest import DEFAULT, unpacked

NAME = "clamdscan_clamscan_cli.json"
FOLDER = Path(os.environ.get("CLEARWARD_SHARED", DEFAULT)) / "transcripts"
# What is not the same, and what it is instead: status, and a line on standard output.
BETTER = {
    "clamscan.noarchive": (2, "$DIR/files/eicar_com.zip: depth-limit ERROR"),
    "clamscan.maxsize.silent": (2, "$DIR/files/big.bin: size-limit ERROR"),
}
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
    (folder / "clamd").mkdir()
    shutil.copytree(folder / "db", folder / "clamd/db")
    return folder


@pytest.mark.parametrize("case", _cases("clamscan"))
def test_clamscan_says_what_was_recorded(case: dict[str, Any], recorded: Path) -> None:
    ran = _run(case, recorded)
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


def _run(case: dict[str, Any], recorded: Path) -> Lines:
    words = [word.replace("$DIR", str(recorded)) for word in case["argv"]]
    ran = run(*words)
    return Lines(
        ran.status,
        ran.out.replace(str(recorded), "$DIR"),
        ran.err.replace(str(recorded), "$DIR"),
    )
