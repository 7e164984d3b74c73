"""Behaviour of cutting images."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.publishing.cutting import WORTH, cuts, publish_pieces
from clearward.publishing.repository import Repository
from clearward.updates.pieces import LARGEST


def cut(data: bytes) -> list[bytes]:
    found, begin = [], 0
    for end in cuts(memoryview(data)):
        found.append(data[begin:end])
        begin = end
    return found


def words(seed: int, length: int) -> bytes:
    return random.Random(seed).randbytes(length)  # noqa: S311


def zeros(_seed: int, length: int) -> bytes:
    return bytes(length)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.integers(0, 1 << 20), st.sampled_from([words, zeros]))
def test_pieces_are_the_whole(
    seed: int, length: int, make: Callable[[int, int], bytes]
) -> None:
    data = make(seed, length)
    found = cut(data)
    assert b"".join(found) == data
    assert all(0 < len(one) <= LARGEST for one in found)


@pytest.mark.parametrize("more", [8, 32, 4096])
def test_what_is_put_in_changes_the_pieces_around_it_alone(more: int) -> None:
    data = words(1, 4 << 20)
    middle = 2 << 20
    changed = data[:middle] + words(2, more) + data[middle:]
    new = set(cut(changed)) - set(cut(data))
    assert len(cut(data)) > 40
    assert len(new) <= 3


def test_small_images_are_not_cut(tmp_path: Path) -> None:
    repository = Repository(str(tmp_path / "repo"))
    (image := tmp_path / "image").write_bytes(words(1, WORTH - 1))
    assert publish_pieces(repository, str(image)) is None
    assert not (tmp_path / "repo").exists()


def test_each_piece_is_a_file_under_its_digest(tmp_path: Path) -> None:
    repository = Repository(str(tmp_path / "repo"))
    (image := tmp_path / "image").write_bytes(data := words(1, 1 << 20))
    pieces = publish_pieces(repository, str(image))
    assert pieces is not None
    found = [repository.read(one.place) for one in pieces.all]
    assert b"".join(found) == data
    for one, content in zip(pieces.all, found, strict=True):
        assert hashlib.sha256(content).hexdigest() == one.digest


def test_a_piece_that_was_damaged_is_written_again(tmp_path: Path) -> None:
    repository = Repository(str(tmp_path / "repo"))
    (image := tmp_path / "image").write_bytes(words(1, 1 << 20))
    first = publish_pieces(repository, str(image))
    assert first is not None
    repository.write(first.all[0].place, b"cut off")
    assert publish_pieces(repository, str(image)) == first
    assert len(repository.read(first.all[0].place)) == first.all[0].length


def test_an_image_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        publish_pieces(Repository(str(tmp_path)), str(tmp_path / "nothing"))
