"""Behaviour of attributes: what one file had another one gets."""

import os
import shutil
import stat
import struct
import subprocess
from pathlib import Path

import pytest
from support.forked import ORDINARY, as_ordinary_user

from clearward.stores.quarantine.attributes import ACL, Attributes, attributes, give

# cap_net_raw+ep. Source: linux/capability.h, struct vfs_cap_data.
CAPABILITY = struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0)


def read(path: Path) -> Attributes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return attributes(descriptor, path.stat())
    finally:
        os.close(descriptor)


def given(path: Path, wanted: Attributes) -> tuple[str, ...]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        return give(descriptor, wanted)
    finally:
        os.close(descriptor)


def with_list(path: Path, *options: str) -> None:
    if shutil.which("setfacl") is None:
        pytest.skip("needs the command setfacl")
    done = subprocess.run(["setfacl", *options, path], check=False)
    if done.returncode:
        pytest.skip("this file system keeps no access lists")


def test_mode_times_and_attributes_come_back(file: Path) -> None:
    os.setxattr(file, "user.origin", b"mail\0raw\xff")
    os.setxattr(file, "user.empty", b"")
    file.chmod(0o4751)
    os.utime(file, ns=(1_234_567_890_123_456_789, 987_654_321_123_456_789))
    before = read(file)
    assert before.mode == 0o4751
    other = file.with_name("other")
    assert given(other, before) == ()
    assert read(other) == before


def test_an_access_list_comes_back(file: Path) -> None:
    with_list(file, "-m", "u:4321:rwx,g:4322:r,m::rx")
    before = read(file)
    assert ACL in dict(before.extended)
    other = file.with_name("other")
    assert given(other, before) == ()
    assert read(other) == before


def test_the_access_list_of_a_folder_is_not_given(file: Path) -> None:
    file.chmod(0o640)
    before = read(file)
    below = file.parent / "below"
    below.mkdir()
    with_list(below, "-d", "-m", "u:4321:rwx")
    other = below / "other"
    assert given(other, before) == ()
    assert read(other) == before


def test_root_gives_owner_and_capabilities_back(file: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")
    os.chown(file, 4321, 4322)
    file.chmod(0o6755)
    os.setxattr(file, "security.capability", CAPABILITY)
    os.setxattr(file, "trusted.note", b"kept")
    before = read(file)
    assert len(before.extended) >= 2
    other = file.with_name("other")
    assert given(other, before) == ()
    assert read(other) == before


def test_without_its_owner_a_file_is_not_set_user_id(everybodys: Path) -> None:
    """Or root's program would become one of whoever gives it back."""
    wanted = Attributes(0o6755, 0, 0, 1, 2, (("trusted.note", b"x"),))

    def missing() -> list[object]:
        if os.geteuid() == 0:
            return []
        other = everybodys / "other"
        found = given(other, wanted)
        return [*found, stat.S_IMODE(other.stat().st_mode), other.stat().st_uid]

    assert as_ordinary_user(missing) == [
        *("owner", "trusted.note", "mode"),
        0o755,
        ORDINARY if os.geteuid() == 0 else os.geteuid(),
    ]


def test_a_mode_has_permission_bits_only() -> None:
    with pytest.raises(ValueError, match="permission"):
        Attributes(stat.S_IFREG | 0o644, 0, 0, 0, 0)
