"""`clearward serve` in the place of clamd, and files for the programs that ask it."""

import os
import socket
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.marks import EICAR
from support.served import Served, served

NAME = "Eicar-Test-File"
LIMIT = 1 << 20  # bytes of one stream
SAID_OF_LIMIT = "INSTREAM size limit exceeded."
_ENCRYPTED = 1  # of the flags of a member


@dataclass(frozen=True, slots=True)
class Desk:
    """A server that is asked as clamd is.

    Attributes:
        running: it.
        unix: path of its socket, which everybody may use.
        port: on 127.0.0.1.
    """

    running: Served
    unix: str
    port: int


@dataclass(frozen=True, slots=True)
class Samples:
    """One file for each thing that may be said.

    Attributes:
        clean: holds nothing.
        found: the EICAR test file.
        large: longer than a stream may be.
        locked: an archive that nobody can look into.
    """

    clean: Path
    found: Path
    large: Path
    locked: Path


@contextmanager
def desk(folder: Path, *conf: str) -> Iterator[Desk]:
    """Start one.

    Args:
        folder: for its home, its socket and its configuration; everybody may enter.
        conf: lines of clamd.conf, beside the longest stream.
    """
    path = folder / "clamd.conf"
    path.write_text("\n".join((f"StreamMaxLength {LIMIT}", *conf, "")))
    unix = f"{folder}/clamd.ctl"
    addresses = ("--clamd", f"unix:{unix}", "--clamd", "tcp:127.0.0.1:0")
    with served(folder, *addresses, "--clamd-conf", str(path)) as one:
        place = next(each for each in one.addresses if "=tcp:" in each)
        yield Desk(one, unix, int(place.rpartition(":")[2]))


def samples(folder: Path) -> Samples:
    """Write them."""
    made = Samples(*(folder / name for name in ("clean", "found", "large", "locked")))
    made.clean.write_bytes(b"nothing in it")
    made.found.write_bytes(EICAR)
    made.large.write_bytes(bytes(3 * LIMIT))
    made.locked.write_bytes(locked(folder))
    return made


def locked(folder: Path) -> bytes:
    """A ZIP archive whose only member says that it is encrypted."""
    path = folder / "locked.zip"
    member = zipfile.ZipInfo("member")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, b"\x5a\xa5" * 32)
    data = bytearray(path.read_bytes())
    path.unlink()
    data[6] |= _ENCRYPTED
    data[data.index(b"PK\1\2") + 8] |= _ENCRYPTED
    return bytes(data)


def open_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A new folder that every user may enter: daemons give up being root."""
    folder = factory.mktemp(name)
    for each in (folder, *folder.parents[:3]):
        if each.stat().st_uid == os.geteuid():
            each.chmod(each.stat().st_mode | 0o011)
    return folder


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
