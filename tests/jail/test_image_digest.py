"""Behaviour of the digest of images: every byte counts, and early is no different."""

import os
from pathlib import Path

import pytest
from support.images import image, in_memory

from clearward.core.errors import Refused
from clearward.core.image_frame import MAGIC
from clearward.jail.image_digest import begin, check_digest


def check(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        check_digest(descriptor, "a.cwr")
    finally:
        os.close(descriptor)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "a.cwr"
    made.write_bytes(image())
    return made


def test_a_sound_digest_is_taken(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("data", [b"", MAGIC, b"x" * 100])
def test_what_is_no_image_is_refused(data: bytes) -> None:
    descriptor = in_memory(data)
    with pytest.raises(Refused, match=r"a\.cwr: this is no compiled image"):
        check_digest(descriptor, "a.cwr")
    os.close(descriptor)


def test_a_digest_that_was_begun_is_used(path: Path) -> None:
    begin([str(path)])
    check(path)
    check(path)


def test_a_bad_image_is_refused_however_early_it_was_begun(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    begin([str(path)])
    with pytest.raises(Refused, match="not what its digest says"):
        check(path)


def test_what_changed_since_it_was_begun_is_read_again(path: Path) -> None:
    begin([str(path)])
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(0, 0))  # clocks of file systems tick slowly
    with pytest.raises(Refused, match="not what its digest says"):
        check(path)


def test_what_is_not_there_is_left_for_later(tmp_path: Path) -> None:
    begin([str(tmp_path / "missing.cwr"), str(tmp_path)])
