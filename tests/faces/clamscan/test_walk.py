"""A walk meets what clamscan would, and says what it leaves out."""

import os
from pathlib import Path

import pytest

from clearward.core.reasons import Reason
from clearward.faces.clamscan.patterns import Patterns, compiled
from clearward.faces.clamscan.walk import ALWAYS, NEVER, Reach, Said, Walk, Weight
from clearward.jail.broker import OpenFile, Unopened

NOTHING = Patterns()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    (top / "sub/deep").mkdir(parents=True)
    for name in ("a", "sub/b", "sub/deep/c"):
        (top / name).write_bytes(b"x")
    (top / "empty").touch()
    (top / "link").symlink_to("a")
    (top / "dangling").symlink_to("nowhere")
    os.mkfifo(top / "fifo")
    return top


def met(top: Path, reach: Reach, patterns: Patterns = NOTHING) -> dict[str, str]:
    """Paths below the folder above the tree, and what became of each."""
    found = {}
    for item in Walk(reach, patterns).items(os.fsencode(top)):
        name = os.path.relpath(os.fsdecode(item.path), top.parent)
        if isinstance(item, OpenFile):
            item.close()
            found[name] = "scanned"
        elif isinstance(item, Said):
            found[name] = item.text
        else:
            found[name] = item.reason.word
    return found


FLAT = {
    "top/a": "scanned",
    "top/empty": "Empty file",
    "top/link": "Symbolic link",
    "top/dangling": "Symbolic link",
}


def test_only_the_first_folder_is_walked_unless_asked(tree: Path) -> None:
    assert met(tree, Reach()) == FLAT


def test_all_folders_are_walked_if_asked(tree: Path) -> None:
    below = {"top/sub/b": "scanned", "top/sub/deep/c": "scanned"}
    assert met(tree, Reach(recursive=True)) == FLAT | below


def test_what_is_too_deep_is_an_error(tree: Path) -> None:
    said = {"top/sub/b": "scanned", "top/sub/deep": "Too deep, not scanned ERROR"}
    assert met(tree, Reach(recursive=True, depth=2)) == FLAT | said


def test_patterns_leave_out_files_and_folders(tree: Path) -> None:
    patterns = Patterns(compiled("", ["/a$"]), compiled("", ["deep"]))
    found = met(tree, Reach(recursive=True), patterns)
    assert found["top/a"] == "Excluded"
    assert found["top/sub/deep"] == "Excluded"
    assert "top/sub/deep/c" not in found


def test_links_are_followed_as_far_as_asked(tree: Path) -> None:
    (tree / "sub/up").symlink_to("..")
    always = Reach(recursive=True, file_links=ALWAYS, folder_links=ALWAYS, depth=4)
    found = met(tree, always)
    assert found["top/link"] == "scanned"
    assert found["top/sub/up/a"] == "scanned"
    never = Reach(file_links=NEVER, folder_links=NEVER)
    assert met(tree / "link", never) == {"link": "Symbolic link"}
    assert met(tree / "link", Reach()) == {"link": "scanned"}
    assert met(tree / "sub/up", never) == {"up": "Symbolic link"}


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("fifo", Weight.WARNING),
        ("dangling", Weight.MISSING),
        ("missing", Weight.MISSING),
    ],
)
def test_what_is_named_and_cannot_be_scanned_counts(
    tree: Path, name: str, weight: Weight
) -> None:
    (said,) = Walk(Reach(), NOTHING).items(os.fsencode(tree / name))
    assert isinstance(said, Said)
    assert said.weight is weight


def test_a_path_that_cannot_be_is_missing() -> None:
    (said,) = Walk(Reach(), NOTHING).items(b"a\0b")
    assert isinstance(said, Said)
    assert said.weight is Weight.MISSING


def test_a_large_file_is_not_opened(tree: Path) -> None:
    (tree / "a").write_bytes(b"xx")
    (entry,) = Walk(Reach(most_size=1), NOTHING).items(os.fsencode(tree / "a"))
    assert isinstance(entry, Unopened)
    assert entry.reason is Reason.SIZE_LIMIT


def test_folders_are_counted(tree: Path) -> None:
    walk = Walk(Reach(recursive=True), NOTHING)
    for item in walk.items(os.fsencode(tree)):
        if isinstance(item, OpenFile):
            item.close()
    assert walk.folders == 3
