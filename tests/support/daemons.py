"""Programs of others that run in the foreground for as long as a test needs them."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

SECONDS = 60.0
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def found(program: str) -> str:
    """Return where a program is; skip where it is not installed."""
    path = shutil.which(program, path=_PATH)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


@contextmanager
def started(
    command: Sequence[str | Path], log: Path, place: int | Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start one, wait until it listens, and end it afterwards.

    Args:
        command: that stays in the foreground.
        log: takes what it says.
        place: a port of 127.0.0.1, or the path of a socket.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + SECONDS
        while not listens(place):
            said = log.read_text(errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        finally:
            process.kill()
            process.wait()


def listens(place: int | Path) -> bool:
    """Whether anybody does."""
    unix = isinstance(place, Path)
    family = socket.AF_UNIX if unix else socket.AF_INET
    with socket.socket(family) as asked:
        where = str(place) if unix else ("127.0.0.1", place)
        return asked.connect_ex(where) == 0


def written(attached: Path) -> bytes:
    """A mail with a file attached, in base64."""
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["To"] = "b@example.org"
    message["Subject"] = "c"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = f"<{attached.name}@example.org>"
    message.set_content("A file.\n")
    message.add_attachment(
        attached.read_bytes(),
        maintype="application",
        subtype="octet-stream",
        filename=f"{attached.name}.bin",
    )
    return message.as_bytes()
