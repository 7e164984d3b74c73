"""Run Python in a process of its own, for what cannot be undone."""

import os
import subprocess
import sys
import textwrap


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run some code in a fresh interpreter and return how it ended.

    Args:
        code: may be indented.
        arguments: what it finds behind ``sys.argv[0]``.
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
