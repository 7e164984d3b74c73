"""How old the databases are, by the heads that they carry.

The first 512 bytes of a .cvd or .cld are text, its fields parted by colons; the last
one is the time when it was made, in seconds since 1970.

Source: ClamAV's documentation, "CVD file format".
"""

import os
from collections.abc import Sequence

HEAD = 512
_MAGIC = b"ClamAV-VDB"
_DAY = 86400.0
_ENDINGS = (".cvd", ".cld")
_FIELDS = 9


def too_old(database: Sequence[str], days: int, now: float) -> bool:
    """Say whether the newest database is older than so many days.

    Where none carries a date, that counts as too old, as with the original.

    Args:
        database: files and folders.
        days: the most that is allowed.
        now: seconds since 1970.
    """
    dates = [date for path in _files(database) if (date := _date(path)) is not None]
    return not dates or now - max(dates) > days * _DAY


def made(head: bytes) -> int | None:
    """Return when a database was made, from its head; None if it does not say."""
    fields = head.split(b":")
    if len(fields) < _FIELDS or fields[0] != _MAGIC:
        return None
    digits = fields[8].split(b" ")[0].rstrip(b"\0\n")
    return int(digits) if digits.isdigit() and len(digits) < 16 else None  # noqa: PLR2004 - fits into 64 bits


def _files(database: Sequence[str]) -> list[str]:
    files = []
    for path in database:
        inside = [path]
        if os.path.isdir(path):
            inside = [os.path.join(path, name) for name in os.listdir(path)]
        files += [one for one in inside if one.lower().endswith(_ENDINGS)]
    return files


def _date(path: str) -> int | None:
    try:
        with open(path, "rb") as file:
            return made(file.read(HEAD))
    except OSError:
        return None
