"""Run Python in a process of its own, for what cannot be undone."""

import json
import os
import subprocess
import sys
import textwrap
from typing import Any


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


def after(code: str) -> dict[str, Any]:
    """What a process prints as JSON after it ran code that has `lock` of the jail."""
    done = python(
        "import json, os\nfrom clearward.jail import lock, namespaces\n" + code
    )
    assert done.returncode == 0, done.stderr.decode()
    return dict(json.loads(done.stdout))
