"""A quarantine and files to move into it."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clearward.jail import kernel
from clearward.stores.quarantine.record import Found, Record, Rule
from clearward.stores.quarantine.store import Quarantine

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FOUND = Found((Rule("Bad", "local"),), "scan", "", "ab" * 32)
CONTENT = b"what the file holds " * 50


class Complaints(list[str]):
    """Collects what the quarantine complains about."""

    def __call__(self, said: str) -> None:
        """Keep one complaint."""
        self.append(said)


@contextmanager
def opened(home: Path, now: datetime = NOW) -> Iterator[Quarantine]:
    """Open a quarantine that has nothing to complain about."""
    complaints = Complaints()
    with Quarantine(str(home), complaints, lambda: now) as quarantine:
        assert complaints == []
        yield quarantine


def take(home: Path, path: Path) -> Record:
    """Move a file away as a scan does that looked at it just now."""
    scanned = path.lstat()
    with opened(home) as quarantine:
        return quarantine.take(os.fsencode(path), FOUND, scanned)


def add(home: Path, path: Path) -> Record:
    """Move a file away as a person does."""
    with opened(home) as quarantine:
        return quarantine.add(os.fsencode(path), Found())


def kept(home: Path) -> list[Record]:
    """What is in the quarantine, settled."""
    with opened(home) as quarantine:
        items = list(quarantine.items())
    assert all(item.settled for item in items)
    return [item.record for item in items if item.record is not None]


def left(home: Path) -> set[str]:
    """The endings of the files in the quarantine's folder."""
    folder = home / "quarantine"
    return {name.rpartition(".")[2] for name in os.listdir(folder)}


def sha256(content: bytes) -> str:
    """The digest, as records have it."""
    return hashlib.sha256(content).hexdigest()


def less_able(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what older kernels and some file systems cannot do.

    That is openat2, RENAME_NOREPLACE and files without names.
    """
    real_call, real_open = kernel.call, os.open
    numbers = kernel.numbers()
    errors = {
        numbers["openat2"]: errno.ENOSYS,
        numbers["renameat2"]: errno.EINVAL,
    }

    def call(number: int, *given: int | bytes) -> int:
        if number in errors:
            raise OSError(errors[number], os.strerror(errors[number]))
        return real_call(number, *given)

    def without(path: bytes, flags: int, mode: int = 0o777, **where: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return real_open(path, flags, mode, **where)

    monkeypatch.setattr(kernel, "call", call)
    monkeypatch.setattr(os, "open", without)
