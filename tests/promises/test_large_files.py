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

# Runs a command, then says what its largest process held. A process of its own, since
# what is forked from a large one counts as large until it has become another.
MEASURING = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


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
    command += ["--timeout", "600", "--rules", str(rules), str(large)]
    ran = subprocess.run(
        [sys.executable, "-c", MEASURING, *command],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert ran.returncode == 1
    assert b"Marker" in ran.stdout
    assert int(ran.stderr.split()[-1]) * 1024 < 400 * MIB
