"""Record what other programs find in the archives of the open sets.

    python compat/entries/truth.py FOLDER > compat/entries/truth.jsonl

FOLDER has the sets `SETS` as `corpora/files.tar.zst` unpacks them. bsdtar, 7-Zip and
unar unpack each file, with no password and with those of the sets' own tests; Python
reads each zip archive. What an archive holds is true if a program ended without a word
of complaint, or if two of them found the same bytes.
Empty entries, folders and links are left out: there is nothing to be found in them.
Of an archive in volumes only what one volume shows by itself is true.

A row is a file: its path, the password that it needs, and name, size and SHA-256 of
each entry. Names are shown, and never compared.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

SETS = ("libarchive", "libzip", "py7zr", "rarfile")
PASSWORDS = ("", "password", "12345678", "foofoofoo", "secret", "pass1", "normal")
PROGRAMS = (".exe", ".elf", ".sfx", ".bin")  # 7-Zip would show their sections

# What 7-Zip and unar make of an archive's own description, and of AppleDouble files.
MADE_UP = re.compile(r"\[.*\]|.*\.rsrc")
LONGEST = 30  # seconds for one program and one file
MOST = 256 << 20  # bytes that one program may unpack


@dataclass(frozen=True, slots=True)
class Entry:
    """What a program found: the first name, the size, and what the bytes are."""

    size: int
    digest: str


@dataclass(slots=True)
class Unpacked:
    """What one program found in one file.

    Attributes:
        entries: with the name of each.
        sound: it did not complain.
    """

    entries: dict[Entry, str] = field(default_factory=dict)
    sound: bool = False

    def add(self, name: str, data: bytes) -> None:
        """Note an entry that is not empty."""
        if data and not MADE_UP.match(name.rpartition("/")[2]):
            entry = Entry(len(data), hashlib.sha256(data).hexdigest())
            self.entries.setdefault(entry, name)


def main() -> None:
    """Write a row for each file in which something was found."""
    folder = Path(sys.argv[1])
    for path in sorted(each for name in SETS for each in (folder / name).rglob("*")):
        if path.is_file() and path.suffix not in {".exp", ".test"}:
            found, password = _agreed(path)
            if found:
                rows = sorted((name, *_row(entry)) for entry, name in found.items())
                row = {"file": str(path.relative_to(folder)), "entries": rows}
                print(json.dumps(row | ({"password": password} if password else {})))


def _row(entry: Entry) -> tuple[int, str]:
    return entry.size, entry.digest


def _agreed(path: Path) -> tuple[dict[Entry, str], str]:
    """Return the entries of a file that are true, and the password they need."""
    best: dict[Entry, str] = {}
    needed = ""
    for password in PASSWORDS:
        results = [each(path, password) for each in (_bsdtar, _seven, _unar, _zipfile)]
        seen: dict[Entry, int] = {}
        names: dict[Entry, str] = {}
        for result in results:
            for entry, name in result.entries.items():
                seen[entry] = seen.get(entry, 0) + (2 if result.sound else 1)
                names.setdefault(entry, name)
        true = {entry: name for entry, name in names.items() if seen[entry] > 1}
        if len(true) > len(best):
            best, needed = true, password
    return best, needed


def _bsdtar(path: Path, password: str) -> Unpacked:
    """Let bsdtar write what it reads as a tar archive."""
    words = ["--passphrase", password or "none", "--format=pax", "-cf", "-"]
    done = _run(["bsdtar", *words, f"@{path}"])
    unpacked = Unpacked(sound=done is not None and not done.returncode)
    if done is None:
        return unpacked
    try:
        with tarfile.open(fileobj=BytesIO(done.stdout), mode="r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is not None:
                    unpacked.add(member.name, content.read())
    except (tarfile.TarError, OSError):
        unpacked.sound = False
    return unpacked


def _seven(path: Path, password: str) -> Unpacked:
    kind = ["-t7z"] if path.suffix in PROGRAMS else []
    command = ["7zz", "x", "-y", f"-p{password}", *kind, str(path)]
    return _into(command, "-o{}")


def _unar(path: Path, password: str) -> Unpacked:
    command = ["unar", "-q", "-f", "-D", "-p", password or "none", str(path)]
    return _into(command, "--output-directory={}")


def _into(command: list[str], option: str) -> Unpacked:
    """Let a program unpack into a folder, which an option of it names."""
    where = tempfile.mkdtemp(prefix="truth-")
    try:
        done = _run([*command, option.format(where)])
        unpacked = Unpacked(sound=done is not None and not done.returncode)
        for name, data in _files(Path(where)):
            unpacked.add(name, data)
    finally:
        shutil.rmtree(where, ignore_errors=True)
    return unpacked


def _files(where: Path) -> Iterator[tuple[str, bytes]]:
    for folder, folders, names in os.walk(where):
        for each in folders:
            if not (Path(folder) / each).is_symlink():
                (Path(folder) / each).chmod(0o700)
        for name in names:
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink() and file.stat().st_size < MOST:
                file.chmod(0o600)
                yield str(file.relative_to(where)), file.read_bytes()


def _zipfile(path: Path, password: str) -> Unpacked:
    """Read each entry of a zip archive by itself; its CRC-32 is compared."""
    unpacked = Unpacked(sound=True)
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.file_size < MOST:
                    unpacked.add(info.filename, _read(archive, info, password))
    except Exception:  # noqa: BLE001 - as below
        return Unpacked()
    return unpacked


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: str) -> bytes:
    """An entry's content; nothing if it cannot be read."""
    try:
        return archive.read(info, password.encode() or None)
    except Exception:  # noqa: BLE001 - the sets are there to make programs stumble
        return b""


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes] | None:
    limited = ["prlimit", f"--fsize={MOST}", f"--as={8 * MOST}", *command]
    try:
        return subprocess.run(
            limited,
            capture_output=True,
            check=False,
            timeout=LONGEST,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    main()
