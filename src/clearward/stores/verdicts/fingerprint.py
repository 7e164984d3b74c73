"""The digest of all that a verdict hangs on besides the file.

A verdict is remembered under it, so other rules, other limits, another program or other
libraries begin with an empty memory.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict

from clearward import __version__
from clearward.core.names import Table
from clearward.jail.control import Given, Settings

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_INFORMATION = ".dist-info"


def fingerprint(
    table: Table, kinds: Iterable[str], settings: Settings, given: Given
) -> bytes:
    """Return the digest, 32 bytes.

    Args:
        table: the rules as the zygote has read them, compiled images by their digest.
        kinds: of the rule sources, by number.
        settings: of the zygote: limits, passwords, unwanted rules, the test file.
        given: what matches.
    """
    about = {
        "version": __version__,
        "python": sys.version,
        "code": _code(_PACKAGE),
        "libraries": sorted(_libraries(os.path.dirname(_PACKAGE), *sys.path)),
        "rules": list(zip(table.digests, kinds, strict=True)),
        "settings": asdict(settings),
        "matcher": given.matcher,
    }
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).digest()


def _code(package: str) -> str:
    """Return a digest of sizes and times of this package's files.

    A program that was built anew may see what the old one did not, also where nobody
    gave it a new version.
    """
    digest = hashlib.sha256()
    waiting = [package]
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                waiting.append(entry.path)
                continue
            status = entry.stat()
            line = f"{entry.path}\0{status.st_size}\0{status.st_mtime_ns}\n"
            digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _libraries(*folders: str) -> Iterator[str]:
    """Name what is installed, with versions."""
    for folder in set(folders):
        with suppress(OSError):
            for name in os.listdir(folder or "."):
                if name.endswith(_INFORMATION):
                    yield name
