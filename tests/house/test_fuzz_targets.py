"""No reader is without a fuzz target."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

LOADED = """
import pkgutil, sys
sys.path.insert(0, sys.argv[1])
from targets import TARGETS
import clearward.formats
from clearward.formats import heavy, opened
from clearward.formats.closed import CLOSED
from clearward.formats.unpack import FORMATS
heavy.load()
opened.load()
opens = {each.name for each in FORMATS} | set(opened.OPENED)
there = {each.name for each in pkgutil.walk_packages(
    clearward.formats.__path__, "clearward.formats.")}
print(sorted(opens - set(TARGETS)), sorted(there - set(sys.modules)))
print(sorted(opened.OPENED - {each.name for each in CLOSED}))
"""


def test_every_reader_is_reached_by_a_target() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, ROOT / "fuzz"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == ["[] []", "[]"]
