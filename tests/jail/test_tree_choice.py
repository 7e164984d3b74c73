"""What a walk leaves out because it was told to."""

import os
from pathlib import Path

import pytest
from support.forked import forked, mount, needs_own_mounts, own_mounts
from support.tree import below, entries, plant, told

from clearward.jail.tree import Choice

pytestmark = pytest.mark.usefixtures("nothing_stays_open")


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
