"""A machine has one secret, which nobody else reads."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clearward.core.errors import Refused, Unavailable
from clearward.stores.reputation_secret import NAME, secret


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    first = secret(home)
    assert len(first) == 32
    assert secret(home) == first
    assert os.listdir(home) == [NAME]
    assert (tmp_path / "home" / NAME).stat().st_mode & 0o777 == 0o600
    assert secret(str(tmp_path / "other")) != first


def test_all_who_are_first_have_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        found = set(several.map(secret, [str(tmp_path)] * 32))
    assert len(found) == 1
    assert os.listdir(tmp_path) == [NAME]


@pytest.mark.parametrize("data", [b"", b"x" * 31, b"x" * 33])
def test_what_is_no_secret_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(Refused, match="remove it"):
        secret(str(tmp_path))


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        secret(str(tmp_path / "file"))
