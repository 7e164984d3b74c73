"""What tests of the matcher share: clamscan, where it is installed."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support import clamscan


@pytest.fixture
def ask(tmp_path: Path) -> clamscan.Ask:
    """Ask clamscan which names of a database it finds in each of some inputs."""
    if not clamscan.installed():
        pytest.skip("clamscan is not installed: what it would say is not compared")

    def asked(
        lines: Sequence[str], inputs: Sequence[bytes], kind: str
    ) -> list[set[str]]:
        with TemporaryDirectory(dir=tmp_path) as folder:
            return clamscan.ask(Path(folder), lines, inputs, kind)

    return asked
