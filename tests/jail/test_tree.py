"""Behaviour of the walk through files and folders."""

import os
import socket
import subprocess
from pathlib import Path

import pytest
from support.descriptors import descriptors
from support.tree import below, entries, plant, told

from clearward.jail.broker import OpenFile

pytestmark = pytest.mark.usefixtures("nothing_stays_open")

DEEP = 3000  # folders in each other; such a path is longer than the kernel takes


def test_every_file_of_a_tree_comes_out_once_with_its_path(tmp_path: Path) -> None:
    names = ["a", "b/c", "b/d/e", "b/d/f", "g/h/i/j"]
    plant(tmp_path, *names)
    (tmp_path / "empty").mkdir()
    assert below(tmp_path) == {name: name for name in names}


def test_a_file_may_be_named_itself(tmp_path: Path) -> None:
    plant(tmp_path, "a")
    path = os.fsencode(tmp_path / "a")
    assert told(entries(path)) == {path: "a"}


@pytest.mark.parametrize("slashes", [b"/", b"///"])
def test_slashes_behind_a_folder_are_not_shown(slashes: bytes, tmp_path: Path) -> None:
    plant(tmp_path, "a")
    path = os.fsencode(tmp_path)
    assert told(entries(path + slashes)) == {path + b"/a": "a"}


def test_a_relative_path_stays_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/b")
    monkeypatch.chdir(tmp_path)
    assert told(entries(b".")) == {b"./a/b": "a/b"}
    assert told(entries(b"a")) == {b"a/b": "a/b"}


def test_links_in_a_tree_are_not_followed_and_have_no_entry(tmp_path: Path) -> None:
    plant(tmp_path, "outside/secret", "tree/file")
    tree = tmp_path / "tree"
    (tree / "to-file").symlink_to(tree / "file")
    (tree / "to-folder").symlink_to(tmp_path / "outside")
    (tree / "loop").symlink_to(tree)
    (tree / "nowhere").symlink_to("gone")
    (tree / "itself").symlink_to("itself")
    assert below(tree) == {"file": "tree/file"}


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    plant(tmp_path, "folder/file")
    (tmp_path / "to-folder").symlink_to("folder")
    (tmp_path / "to-file").symlink_to("folder/file")
    (tmp_path / "to-link").symlink_to("to-file")
    assert below(tmp_path / "to-folder") == {"file": "folder/file"}
    for name in ("to-file", "to-link"):
        path = os.fsencode(tmp_path / name)
        assert told(entries(path)) == {path: "folder/file"}


def test_what_is_not_there_has_vanished(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to("gone")
    for name in ("gone", "nowhere"):
        path = os.fsencode(tmp_path / name)
        assert told(entries(path)) == {path: "(vanished)"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(b"a\0b", id="a NUL in it"),
        pytest.param(b"x" * 5000, id="longer than the kernel takes"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_name_that_cannot_be_is_unscanned(path: bytes) -> None:
    (said,) = told(entries(path)).values()
    assert said in {"(vanished)", "(permission)"}


def test_a_named_link_to_itself_is_unscanned(tmp_path: Path) -> None:
    (tmp_path / "itself").symlink_to("itself")
    (said,) = told(entries(tmp_path / "itself")).values()
    assert said in {"(permission)", "(changed)", "(vanished)"}


def test_what_is_no_regular_file_is_said_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    here = os.open(tmp_path, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"/proc/self/fd/{here}/socket")
    os.close(here)
    expected = {"fifo": "(not-regular)", "socket": "(not-regular)"}
    assert below(tmp_path) == expected
    for name in expected:
        assert told(entries(tmp_path / name)) == {
            os.fsencode(tmp_path / name): "(not-regular)"
        }
    assert told(entries(b"/dev/null")) == {b"/dev/null": "(not-regular)"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"line\nbreak", id="line break"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b"\x1b[31m", id="escape sequence"),
        pytest.param(b" ", id="a space"),
        pytest.param(b"-", id="a dash"),
        pytest.param("\u202egpj.exe".encode(), id="turned around"),
        pytest.param(b"x" * 255, id="as long as a name may be"),
    ],
)
def test_a_name_is_handed_on_as_its_bytes(name: bytes, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    os.mkdir(folder + b"/" + name)
    with open(folder + b"/" + name + b"/" + name, "wb") as file:
        file.write(b"content")
    assert told(entries(folder)) == {b"/".join((folder, name, name)): "content"}


def test_a_tree_deeper_than_a_path_can_be_is_walked_to_its_end(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(DEEP):
        os.mkdir("d" * 3, dir_fd=here)
        inner = os.open("d" * 3, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    bottom = os.open("bottom", os.O_CREAT | os.O_WRONLY, dir_fd=here)
    os.close(bottom)
    os.close(here)
    plant(tmp_path, "top")
    try:
        before = len(descriptors())
        seen = []
        for entry in entries(tmp_path):
            assert len(descriptors()) <= before + 3
            assert isinstance(entry, OpenFile)
            entry.close()
            seen.append(entry.path)
        start = os.fsencode(tmp_path)
        assert sorted(map(len, seen)) == [len(start) + 4, len(start) + 4 * DEEP + 7]
    finally:
        subprocess.run(["rm", "-rf", *tmp_path.iterdir()], check=True)


def test_a_folder_with_many_files_is_walked_with_few_descriptors(
    tmp_path: Path,
) -> None:
    plant(tmp_path, *map(str, range(500)))
    before = len(descriptors())
    most = 0
    for entry in entries(tmp_path):
        assert isinstance(entry, OpenFile)
        entry.close()
        most = max(most, len(descriptors()))
    assert most <= before + 2
