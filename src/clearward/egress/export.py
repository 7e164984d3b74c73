"""Copy the ledger, without the secret key, so that it can be checked elsewhere."""

import os
from collections.abc import Iterator
from contextlib import suppress

from clearward.core.errors import Refused
from clearward.egress import cosigned, folder, payloads, witnesses
from clearward.stores.durable import sync_folder, write_all

_BLOCK = 1 << 20  # bytes


def export(path: str, to: str) -> int:
    """Copy the records, what signs them and who; return the bytes of records.

    Args:
        path: of the folder of the ledger.
        to: a folder that is made.

    Raises:
        Refused: there is no ledger, or there is something at `to`.
        Unavailable: it cannot be read or written.
    """
    try:
        with folder.locked(path, alone=False) as opened:
            end = folder.size(opened)
            small = [(n, folder.read(path, n)) for n in (folder.HEAD, folder.PUBLIC)]
            small += _cosigned(path)
            _make(to)
            _copy(opened, end, os.path.join(to, folder.RECORDS))
    except FileNotFoundError as error:
        raise Refused(f"{error.filename}: is not there: nothing to export") from error
    for name, data in small:
        folder.replace(to, name, data)
    _copy_payloads(path, to)
    with folder.told(to):
        sync_folder(to)
    return end


def _cosigned(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the names of witnesses and what they have signed, as far as it is there."""
    names = [cosigned.file_name(one.key) for one in witnesses.known(path)]
    for name in (witnesses.NAME, *names):
        with suppress(FileNotFoundError):
            yield name, folder.read(path, name)


def _copy_payloads(path: str, to: str) -> None:
    """Copy the bodies that were kept."""
    names = payloads.names(path)
    if names:
        inner = os.path.join(to, payloads.FOLDER)
        _make(inner)
        for name in names:
            folder.replace(inner, name, payloads.read(path, name))
        with folder.told(inner):
            sync_folder(inner)


def _make(to: str) -> None:
    with folder.told(to):
        try:
            os.mkdir(to, mode=0o700)
        except FileExistsError as error:
            raise Refused(f"{to}: is there already") from error


def _copy(opened: int, end: int, to: str) -> None:
    with folder.told(to):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        target = os.open(to, flags, 0o600)
        try:
            for start in range(0, end, _BLOCK):
                data = os.pread(opened, min(_BLOCK, end - start), start)
                write_all(target, data)
            os.fdatasync(target)
        finally:
            os.close(target)
