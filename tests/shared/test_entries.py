"""What is in the archives of the open sets is found, or said to be unread."""

import subprocess
import sys
from pathlib import Path

from .conftest import unpacked

MEASURE = Path(__file__).parents[2] / "compat/entries/measure.py"


def test_98_of_100_entries_are_found_and_nothing_is_missed_in_silence(
    shared: Path, tmp_path: Path
) -> None:
    unpacked(shared / "corpora/files.tar.zst", tmp_path)
    command = [sys.executable, str(MEASURE), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout.decode()
