"""Disks as QEMU writes them."""

import shutil
import subprocess
from pathlib import Path

import pytest

QEMU = shutil.which("qemu-img")
needs_qemu = pytest.mark.skipif(QEMU is None, reason="needs qemu-img")
CONTENT = (b"first" * 100 + bytes(300_000) + bytes(range(256)) * 999).ljust(1 << 20)


def image(folder: Path, kind: str, *options: str, content: bytes = CONTENT) -> bytes:
    """A disk in one of QEMU's formats."""
    raw, made = folder / "raw", folder / "made"
    raw.write_bytes(content)
    command: list[str | Path] = [str(QEMU), "convert", "-f", "raw", "-O", kind]
    command += [*options, raw, made]
    subprocess.run(command, check=True, capture_output=True)
    return made.read_bytes()


def shows_its_blocks_first(parts: list[bytes]) -> bool:
    """Say whether the front and the blocks of `CONTENT` come before the whole."""
    front, held, disk = parts
    return front == disk == CONTENT and b"first" in held and CONTENT[-1000:] in held
