"""The demonstration that the README's first command makes shows all three outcomes."""

import subprocess
import sys
from pathlib import Path

from support.command import clearward

ROOT = Path(__file__).parents[1]


def test_the_demonstration_shows_all_three_outcomes(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    subprocess.run([sys.executable, ROOT / "examples/make_demo.py", demo], check=True)
    ran = clearward("scan", "--json", demo)
    outcomes = {name: row["outcome"] for name, row in ran.by_name().items()}
    assert outcomes == {
        "letter.eml": "found",
        "invoice.zip": "found",
        "secret.zip": "unscanned",
        "notes.txt": "clean",
        "photos.zip": "clean",
    }
    assert ran.status == 1
