"""Behaviour of a repository in a tar file; hostile ones are in tests/promises."""

import io
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearward.core.errors import ClearwardError, Unavailable
from clearward.installing.archive import ArchiveCarrier
from clearward.installing.carrier import Cut, Missing, TooLong

MARK = "metadata/timestamp.json"


def archive(names: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=form) as made:
        for name, data in names.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(data), 1.5
            made.addfile(member, io.BytesIO(data))
    return whole.getvalue()


def read(path: Path, data: bytes, name: str, most: int = 100) -> bytes:
    path.write_bytes(data)
    with closing(ArchiveCarrier(str(path))) as carrier:
        return carrier.read(name, most)


@pytest.mark.parametrize("front", ["", "./", "repo/", "./a/b/"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT])
def test_files_may_stand_in_a_folder(tmp_path: Path, front: str, form: int) -> None:
    names = {f"{front}{MARK}": b"time", f"{front}log/checkpoint": b"head"}
    if form == tarfile.USTAR_FORMAT:
        form = tarfile.GNU_FORMAT
    data = archive(names, form)
    assert read(tmp_path / "a", data, "log/checkpoint") == b"head"
    with pytest.raises(TooLong):
        read(tmp_path / "a", data, "log/checkpoint", 3)
    with pytest.raises(Missing):
        read(tmp_path / "a", data, "log/nothing")


@pytest.mark.parametrize("mode", ["w:gz", "w:xz", "w:bz2"])
def test_a_compressed_archive_is_none(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a"
    with tarfile.open(path, mode):  # type: ignore[call-overload]
        pass
    with pytest.raises(Cut):
        ArchiveCarrier(str(path))


def test_an_archive_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        ArchiveCarrier(str(tmp_path / "nothing"))


@given(st.integers(0, 5000), st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_an_archive_or_an_error(
    tmp_path: Path, at: int, new: bytes
) -> None:
    data = bytearray(archive({MARK: b"time", "log/checkpoint": b"head"}))
    data[at : at + len(new)] = new
    try:
        found = read(tmp_path / "a", bytes(data), "log/checkpoint")
    except ClearwardError:
        return
    assert len(found) <= 100
