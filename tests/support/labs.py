"""Run something in the lab of `prove --egress`, which has no way back out of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_FRONT = """
import json, sys
from clearward.faces.prove import attempts, interference
from clearward.faces.prove.lab import lab
from clearward.faces.prove.publisher import Publisher, update
from clearward.faces.prove.running import Home

def say(tried):
    print(json.dumps([tried.attempt, tried.result, tried.blocked]))

folder = sys.argv[1]
publisher = Publisher(folder + "/publisher", folder + "/served")
"""


def in_a_lab(folder: Path, program: str) -> list[str]:
    """Run a program with all that `prove --egress` has, and `say`; its lines.

    The test is skipped where no network can be made.
    """
    done = subprocess.run(
        [sys.executable, "-c", _FRONT + program, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if "prove --egress: " in done.stderr and "needs" in done.stderr:
        pytest.skip("no network namespace can be made here")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
