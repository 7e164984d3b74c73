"""A file larger than memory is looked at to its end, in little memory.

`CLEARWARD_LARGE` says how large, in bytes; `make large` asks for 8 GiB, which takes the
kernel a while to read.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command import COMMAND

from clearward.core.limits import GIB, MIB

SIZE = int(os.environ.get("CLEARWARD_LARGE", GIB))
MARK = b"this mark stands at the very end"
RULES = {
    "ndb": "Test.Marker:0:*:" + MARK.hex() + "\n",
    "yar": 'rule Marker { strings: $a = "' + MARK.decode() + '" condition: $a }\n',
}


@pytest.mark.parametrize("kind", RULES)
def test_a_mark_at_the_end_of_a_large_file_is_found_in_little_memory(
    kind: str, tmp_path: Path
) -> None:
    rules = tmp_path / f"rules.{kind}"
    rules.write_text(RULES[kind])
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(SIZE)
        file.seek(SIZE)
        file.write(MARK)
    command = [*COMMAND, "scan", "--no-default-rules", "--jobs", "1"]
    running = subprocess.Popen(
        [*command, "--timeout", "600", "--rules", str(rules), str(large)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert running.stdout is not None
    with running.stdout as output:
        said = output.read()
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 1
    assert b"Marker" in said
    assert used.ru_maxrss * 1024 < 400 * MIB  # of the largest process below it
