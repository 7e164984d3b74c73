"""Which mounts belong to a path."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.guard.marks import (
    Mount,
    Root,
    is_below,
    is_whole,
    mounts,
    parse_mounts,
    root,
    watched,
)

LINES = b"""\
22 28 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:5 / /proc rw - proc proc rw
24 22 0:6 / /srv/a\\040b rw - tmpfs none rw
25 22 0:7 / /srv/a\\040b/deep rw - fuse.sshfs there rw
26 22 0:8 / /srvelse rw - xfs /dev/vdb rw
"""
AMONG = [
    Mount(22, b"/", "ext4"),
    Mount(23, b"/proc", "proc"),
    Mount(24, b"/srv/a b", "tmpfs"),
    Mount(25, b"/srv/a b/deep", "fuse.sshfs"),
    Mount(26, b"/srvelse", "xfs"),
]


def test_the_list_of_mounts_is_read() -> None:
    assert list(parse_mounts(LINES)) == AMONG


@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda b: LINES + b))
def test_arbitrary_bytes_are_mounts_or_none(data: bytes) -> None:
    assert len(list(parse_mounts(data))) <= len(data.splitlines())


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("ext4", "trusted"),
        ("tmpfs", ""),
        ("proc", "none"),
        ("fuse.sshfs", "asked"),
        ("fuseblk", "asked"),
        ("overlay", ""),
    ],
)
def test_a_kind_of_file_system_has_its_word(kind: str, word: str) -> None:
    assert Mount(1, b"/", kind).word == word


def test_below_a_path_is_what_is_mounted_there() -> None:
    def numbers(path: bytes, mount: int) -> list[int]:
        return [each.number for each in watched((Root(path, mount),), AMONG)]

    assert numbers(b"/", 22) == [22, 24, 26]
    assert numbers(b"/srv", 22) == [22, 24]
    assert numbers(b"/srv/a b", 24) == [24]
    assert numbers(b"/srv/a b/deep", 25) == [25]  # it was named


def test_a_path_is_whole_where_its_mount_is() -> None:
    assert is_whole((Root(b"/", 22), Root(b"/srvelse", 26)), AMONG)
    assert not is_whole((Root(b"/srv", 22),), AMONG)
    assert is_below(b"/srv/x", b"/srv")
    assert is_below(b"/srv", b"/")
    assert not is_below(b"/srvelse", b"/srv")
    assert not is_below(b"/srv", b"/srv")


def test_a_path_is_found_on_its_mount(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    found = root(str(link))
    assert found.path == bytes(tmp_path.resolve())
    assert found.mount in {mount.number for mount in mounts()}


def test_what_cannot_be_guarded_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in ("/proc", str(tmp_path / "file"), str(tmp_path / "missing")):
        with pytest.raises(Refused, match="cannot be guarded"):
            root(path)
