"""What ClamAV's own tools make of text and pages, where they are installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

needs_sigtool = pytest.mark.skipif(
    shutil.which("sigtool") is None, reason="ClamAV's sigtool is not installed"
)


def text_by_sigtool(data: bytes, folder: Path) -> bytes:
    """Return what sigtool writes as the normalised text of `data`."""
    source = folder / "source"
    source.write_bytes(data)
    command = ["sigtool", f"--ascii-normalise={source}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "normalised_text").read_bytes()


def page_by_sigtool(page: bytes, folder: Path) -> dict[str, bytes]:
    """Return the views that sigtool writes of a page, by the name of the file.

    It crashes behind its work with many pages, so how it ends is not looked at.
    """
    (folder / "source").write_bytes(page)
    for view in ("nocomment.html", "notags.html", "javascript"):
        (folder / view).unlink(missing_ok=True)
    command = ["sigtool", "--html-normalise=source"]
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != "source"
    }
