"""ClamAV signatures for tests: read one line, and ask clamscan for its opinion."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import strategies as st

from clearward.core.names import Problem
from clearward.rules.clamav.fault import Left
from clearward.rules.clamav.read import Item, read
from clearward.rules.source import Source

ANY_TEXT = st.text(st.characters(max_codepoint=255))  # as lines are read
CLAMSCAN = shutil.which("clamscan")
needs_clamscan = pytest.mark.skipif(CLAMSCAN is None, reason="clamscan is missing")


def source(text: str | bytes, kind: str) -> Source:
    """Return a source with a text."""
    data = text if isinstance(text, bytes) else text.encode("latin-1")
    return Source(3, f"list.{kind}", kind, "local", data)


def read_all(
    text: str | bytes, kind: str, *, unwanted: bool = True
) -> list[Item | Problem | Left]:
    """Return everything that a text says."""
    return list(read(source(text, kind), unwanted=unwanted))


def message(text: str, kind: str) -> str:
    """Return what is wrong with a line; empty if nothing is."""
    [found] = read_all(text, kind)
    return found.message if isinstance(found, Problem) else ""


def loads(text: str, kind: str, folder: Path) -> int | None:
    """Return how many signatures clamscan loads from a text; None if it refuses it."""
    assert CLAMSCAN is not None
    database, clean = folder / f"list.{kind}", folder / "clean"
    database.write_bytes(text.encode("latin-1"))
    clean.write_bytes(b"clean")
    ran = subprocess.run(
        [CLAMSCAN, "-d", database, clean], capture_output=True, check=False
    )
    known = re.search(rb"Known viruses: (\d+)", ran.stdout)
    return int(known[1]) if ran.returncode != 2 and known else None
