"""Behaviour of the walk through files and folders."""

import os
import socket
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from support.forked import (
    as_ordinary_user,
    forked,
    mount,
    needs_own_mounts,
    own_mounts,
)

from clearward.core.reasons import Reason
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.tree import Choice, Walk

DEEP = 3000  # folders in each other; such a path is longer than the kernel takes


class Complaints:
    """Collects what a walk complains about."""

    def __init__(self) -> None:
        self.paths: list[bytes] = []
        self.said: list[str] = []

    def __call__(self, path: bytes, said: str) -> None:
        """Keep one complaint."""
        self.paths.append(path)
        self.said.append(said)


def entries(
    path: Path | bytes, choice: Choice | None = None, complain: Complaints | None = None
) -> Iterator[Entry]:
    walk = Walk(choice or Choice(), complain or Complaints())
    return walk.entries(os.fsencode(path))


def told(found: Iterable[Entry]) -> dict[bytes, str]:
    """By path: the content of what was opened, or the reason in brackets."""
    seen = {}
    for entry in found:
        if isinstance(entry, OpenFile):
            said = os.pread(entry.descriptor, 100, 0).decode()
            entry.close()
        else:
            said = f"({entry.reason.word})"
        assert entry.path not in seen
        seen[entry.path] = said
    return seen


def below(path: Path, choice: Choice | None = None) -> dict[str, str]:
    """What lies below a folder, by name inside it; there is nothing to complain of."""
    complaints = Complaints()
    found = told(entries(path, choice, complaints))
    assert complaints.said == []
    start = len(os.fsencode(path)) + 1
    return {os.fsdecode(full)[start:]: said for full, said in found.items()}


def plant(folder: Path, *names: str) -> None:
    """Make files that hold their own name."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


@pytest.fixture(autouse=True)
def fixture_nothing_stays_open() -> Iterator[None]:
    before = descriptors()
    yield
    assert descriptors() == before


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
            assert len(descriptors()) <= before + 2
            assert isinstance(entry, OpenFile)
            entry.close()
            seen.append(entry.path)
        start = os.fsencode(tmp_path)
        assert sorted(map(len, seen)) == [len(start) + 4, len(start) + 4 * DEEP + 7]
    finally:
        subprocess.run(["rm", "-rf", *tmp_path.iterdir()], check=True)


def test_a_walk_that_is_left_early_leaves_nothing_open(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c/d", "a/b/e", "f")
    before = descriptors()
    walk = entries(tmp_path)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    del walk
    assert descriptors() == before


@pytest.mark.parametrize("mode", [0o000, 0o100])
def test_a_folder_that_cannot_be_entered_is_complained_of_and_the_rest_goes_on(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "open/a", "closed/b")
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(mode)
    monkeypatch.chdir(tmp_path)

    def walk() -> tuple[list[str], list[str]]:
        complaints = Complaints()
        found = told(entries(b".", None, complaints))
        return [os.fsdecode(path) for path in found], complaints.said

    found, said = as_ordinary_user(walk)
    (tmp_path / "closed").chmod(0o755)
    assert found == ["./open/a"]
    assert [line.startswith("cannot be entered: ") for line in said] == [True]


def test_a_file_that_cannot_be_read_has_its_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "open", "closed")
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(0)
    monkeypatch.chdir(tmp_path)

    def walk() -> dict[str, str]:
        found = told(entries(b"."))
        return {os.fsdecode(path): said for path, said in found.items()}

    expected = {"./open": "open", "./closed": "(permission)"}
    assert as_ordinary_user(walk) == expected


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        pytest.param(
            ("*.log",),
            {"a": "a", "b/x.log": "(excluded)", "b/c/d": "b/c/d"},
            id="by the last component",
        ),
        pytest.param(
            ("b",), {"a": "a", "b": "(excluded)"}, id="a folder is reported once"
        ),
        pytest.param(
            ("**/b/c",),
            {"a": "a", "b/x.log": "b/x.log", "b/c": "(excluded)"},
            id="by the whole path",
        ),
        pytest.param(
            ("a", "[d-f]", "x.???"),
            {"a": "(excluded)", "b/x.log": "(excluded)", "b/c/d": "(excluded)"},
            id="several",
        ),
    ],
)
def test_what_is_excluded_is_reported_and_not_opened(
    exclude: tuple[str, ...], expected: dict[str, str], tmp_path: Path
) -> None:
    plant(tmp_path, "a", "b/x.log", "b/c/d")
    assert below(tmp_path, Choice(exclude)) == expected


def test_what_is_named_can_be_excluded_too(tmp_path: Path) -> None:
    plant(tmp_path, "a")
    for path in (tmp_path, tmp_path / "a"):
        choice = Choice((str(path),))
        assert told(entries(path, choice)) == {os.fsencode(path): "(excluded)"}


def test_names_that_are_no_text_can_be_excluded(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.x"
    with open(path, "wb") as file:
        file.write(b"x")
    assert told(entries(tmp_path, Choice(("*.x",)))) == {path: "(excluded)"}


def test_files_above_the_size_limit_are_reported(tmp_path: Path) -> None:
    plant(tmp_path, "a", "four")
    expected = {"a": "a", "four": "(size-limit)"}
    assert below(tmp_path, Choice(most_size=3)) == expected


@pytest.mark.parametrize("one", [False, True], ids=["crossed", "not crossed"])
def test_mount_points_are_crossed_unless_told_otherwise(
    *, one: bool, tmp_path: Path
) -> None:
    needs_own_mounts()
    plant(tmp_path, "here/a", "mounted/hidden")

    def walk() -> dict[str, str]:
        own_mounts()
        mount(b"tmpfs", os.fsencode(tmp_path / "mounted"))
        plant(tmp_path, "mounted/b", "mounted/c/d")
        return below(tmp_path, Choice(one_file_system=one))

    crossed = {"mounted/b": "mounted/b", "mounted/c/d": "mounted/c/d"}
    expected = {"here/a": "here/a", **({} if one else crossed)}
    assert forked(walk) == expected


def test_a_starting_point_on_another_file_system_is_walked(tmp_path: Path) -> None:
    needs_own_mounts()
    plant(tmp_path, "mounted/hidden")

    def walk() -> dict[str, str]:
        own_mounts()
        mount(b"tmpfs", os.fsencode(tmp_path / "mounted"))
        plant(tmp_path, "mounted/b")
        return below(tmp_path / "mounted", Choice(one_file_system=True))

    assert forked(walk) == {"b": "mounted/b"}


def test_a_folder_moved_away_is_complained_of_and_nothing_outside_is_walked(
    tmp_path: Path,
) -> None:
    plant(tmp_path, "tree/a/b/file", "elsewhere/secret")
    complaints = Complaints()
    walk = entries(tmp_path / "tree", None, complaints)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    (tmp_path / "tree/a/b").rename(tmp_path / "elsewhere/b")
    assert told(walk) == {}
    assert complaints.said == ["was moved meanwhile; the rest is left out"]


def test_a_folder_that_became_a_link_is_not_entered(tmp_path: Path) -> None:
    plant(tmp_path, "tree/first", "tree/folder/file", "outside/secret")
    complaints = Complaints()
    walk = entries(tmp_path / "tree", None, complaints)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    (tmp_path / "tree/folder").rename(tmp_path / "moved")
    (tmp_path / "tree/folder").symlink_to(tmp_path / "outside")
    assert told(walk) == {}
    assert complaints.paths == [os.fsencode(tmp_path / "tree/folder")]


def test_a_file_that_became_a_link_has_changed(tmp_path: Path) -> None:
    plant(tmp_path, "tree/1", "tree/2", "secret")
    walk = entries(tmp_path / "tree")
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    (other,) = {"1", "2"} - {os.fsdecode(first.path)[-1:]}
    (tmp_path / "tree" / other).unlink()
    (tmp_path / "tree" / other).symlink_to(tmp_path / "secret")
    assert list(told(walk).values()) == ["(changed)"]


def test_files_that_are_removed_meanwhile_have_vanished(tmp_path: Path) -> None:
    plant(tmp_path, *map(str, range(5)))
    walk = entries(tmp_path)
    first = next(walk)
    assert isinstance(first, OpenFile)
    first.close()
    for path in tmp_path.iterdir():
        path.unlink()
    assert list(told(walk).values()) == [f"({Reason.VANISHED.word})"] * 4


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
