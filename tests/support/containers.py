"""Containers as the standard library writes them."""

import io
import tarfile
import zipfile
from collections.abc import Sequence

Members = Sequence[tuple[str, bytes]]


def in_zip(data: bytes, name: str = "inner") -> bytes:
    """A zip with one member, packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def zipped(members: Members) -> bytes:
    """A zip whose members are stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: Members) -> bytes:
    """A tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()
