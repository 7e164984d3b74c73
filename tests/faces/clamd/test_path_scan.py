"""Scans of what paths lead to, over a socket, with a desk that pretends."""

import asyncio
import os
import socket
from pathlib import Path

import pytest
from support.clamd_client import FOUND, FakeDesk, connected, serving
from support.descriptors import descriptors
from support.marks import EICAR
from support.serving import play, until

from clearward.faces.clamd.settings import ClamdSettings, exclusions

ALL = ("SCAN", "CONTSCAN", "MULTISCAN", "ALLMATCHSCAN")
NOT_THERE = b"File path check failure: No such file or directory. ERROR"


def lines(
    tmp_path: Path, command: str, path: Path | str, config: ClamdSettings | None = None
) -> list[bytes]:
    """What is said about a path; the folder `tree` is written ``T``."""
    before = descriptors()
    said: list[bytes] = []

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path, config) as one:
            sent = f"z{command} {path}\0".encode("utf-8", "surrogateescape")
            said.append(await one.talk(sent))

    play(scene)
    assert descriptors() <= before
    tree = os.fsencode(tmp_path / "tree")
    assert said[0].endswith(b"\0")
    return said[0][:-1].replace(tree, b"T").split(b"\0")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with one file that is found, and one in a folder below."""
    folder = tmp_path / "tree"
    (folder / "sub").mkdir(parents=True)
    (folder / "a").write_bytes(EICAR)
    (folder / "clean").write_bytes(b"x")
    (folder / "sub" / "b").write_bytes(EICAR)
    return folder


@pytest.mark.parametrize("command", ALL)
def test_a_file_has_a_line_whatever_it_is(
    tmp_path: Path, tree: Path, command: str
) -> None:
    assert lines(tmp_path, command, tree / "clean") == [b"T/clean: OK"]
    found = [b"T/a: " + FOUND]
    if command == "ALLMATCHSCAN":
        found.append(b"T/a: Second.UNOFFICIAL FOUND")
    assert lines(tmp_path, command, tree / "a") == found
    assert lines(tmp_path, command, tree / "none") == [b"T/none: " + NOT_THERE]
    below = b"T/a/x: File path check failure: Not a directory. ERROR"
    assert lines(tmp_path, command, tree / "a" / "x") == [below]


@pytest.mark.parametrize("command", ALL)
def test_what_is_no_file_is_one_error_and_never_ok(
    tmp_path: Path, tree: Path, command: str
) -> None:
    os.mkfifo(tree / "fifo")
    (tree / "dangling").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tree / "socket"))
    for name in ("fifo", "socket"):
        text = b": Not supported file type ERROR"
        assert lines(tmp_path, command, tree / name) == [b"T/" + name.encode() + text]
    assert lines(tmp_path, command, tree / "dangling") == [b"T/dangling: " + NOT_THERE]
    device = b"/dev/null: Not supported file type ERROR"
    assert lines(tmp_path, command, "/dev/null") == [device]


@pytest.mark.parametrize("command", ALL)
def test_a_link_that_is_named_is_followed(
    tmp_path: Path, tree: Path, command: str
) -> None:
    (tree / "link").symlink_to("a")
    (tree / "sub" / "folder").symlink_to(tree / "sub")
    assert lines(tmp_path, command, tree / "link")[0] == b"T/link: " + FOUND
    said = lines(tmp_path, command, tree / "sub" / "folder")
    assert said[0] == b"T/sub/folder/b: " + FOUND


def test_scan_stops_at_the_first_file(tmp_path: Path, tree: Path) -> None:
    assert lines(tmp_path, "SCAN", tree) == [b"T/a: " + FOUND]
    assert lines(tmp_path, "ALLMATCHSCAN", tree) == [
        b"T/a: " + FOUND,
        b"T/a: Second.UNOFFICIAL FOUND",
    ]


@pytest.mark.parametrize("command", ["CONTSCAN", "MULTISCAN"])
def test_others_go_on(tmp_path: Path, tree: Path, command: str) -> None:
    said = lines(tmp_path, command, tree)
    assert sorted(said) == [b"T/a: " + FOUND, b"T/sub/b: " + FOUND]


@pytest.mark.parametrize("command", ALL)
def test_a_clean_tree_is_one_line(tmp_path: Path, tree: Path, command: str) -> None:
    (tree / "a").write_bytes(b"x")
    (tree / "sub" / "b").unlink()
    assert lines(tmp_path, command, tree) == [b"T: OK"]
    assert lines(tmp_path, command, tree / "sub") == [b"T/sub: OK"]


@pytest.mark.parametrize("command", ALL)
def test_what_is_excluded_is_not_ok(tmp_path: Path, tree: Path, command: str) -> None:
    config = ClamdSettings(exclude=exclusions(["/sub", "/a$"]))
    for path in ("sub", "a", "sub/b", "sub/none"):
        said = lines(tmp_path, command, tree / path, config)
        assert said == [b"T/" + path.encode() + b": Excluded"]
    said = lines(tmp_path, command, tree, config)
    assert sorted(said) == [b"T/a: Excluded", b"T/sub: Excluded"]


def test_multiscan_names_what_is_excluded_only_if_there_is_nothing_else(
    tmp_path: Path, tree: Path
) -> None:
    config = ClamdSettings(exclude=exclusions(["/sub"]))
    assert lines(tmp_path, "MULTISCAN", tree, config) == [b"T/a: " + FOUND]
    said = lines(tmp_path, "CONTSCAN", tree, config)
    assert sorted(said) == [b"T/a: " + FOUND, b"T/sub: Excluded"]


@pytest.mark.parametrize("command", ALL)
def test_what_may_not_be_read_is_denied(
    tmp_path: Path, tree: Path, command: str
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tree / "a").chmod(0)
    (tree / "sub").chmod(0)
    try:
        denied = b"T/a: Access denied. ERROR"
        assert lines(tmp_path, command, tree / "a") == [denied]
        below = b"T/sub: Access denied. ERROR"
        assert sorted(lines(tmp_path, command, tree)) == [denied, below]
    finally:
        (tree / "sub").chmod(0o755)


@pytest.mark.parametrize("command", ALL)
def test_names_need_not_be_text(tmp_path: Path, tree: Path, command: str) -> None:
    (tree / "sub" / "\udcff \n").write_bytes(EICAR)
    said = lines(tmp_path, command, tree / "sub" / "\udcff \n")
    assert said[0] == b"T/sub/\xff \n: " + FOUND


def test_all_matches_may_be_switched_off(tmp_path: Path, tree: Path) -> None:
    config = ClamdSettings(all_match=False)
    text = b": ALLMATCHSCAN command disabled by clamd configuration. ERROR"
    assert lines(tmp_path, "ALLMATCHSCAN", tree / "a", config) == [b"T/a" + text]


@pytest.mark.parametrize("command", ["CONTSCAN", "MULTISCAN"])
def test_a_client_that_does_not_read_is_waited_for(
    tmp_path: Path, command: str
) -> None:
    """Its answers do not pile up, and none is lost."""
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    count = 6000
    for number in range(count):
        (folder / str(number)).write_bytes(EICAR)

    async def scene() -> None:
        desk = FakeDesk()
        async with serving(desk, tmp_path) as one:
            with connected(one.unix) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.sendall(f"z{command} {folder}\0".encode())
                seen = -1
                while seen != desk.submitted:  # until it has had enough
                    seen = desk.submitted
                    await asyncio.sleep(0.2)
                assert 0 < seen < count
                said = await asyncio.to_thread(read_all, client)
            assert said.count(b"\0") == count

    play(scene)


def read_all(client: socket.socket) -> bytes:
    said = b""
    while data := client.recv(1 << 16):
        said += data
    return said


def test_a_walk_ends_with_its_client(tmp_path: Path, tree: Path) -> None:
    async def scene() -> None:
        desk = FakeDesk(held=True)
        async with serving(desk, tmp_path) as one:
            before = descriptors()
            for command in ALL:
                desk.submitted = desk.cancelled = 0
                client = connected(one.unix)
                client.sendall(f"z{command} {tree}\0".encode())
                await until(lambda: desk.submitted == 3)
                client.close()
                await until(lambda: desk.cancelled == 3)
            await until(lambda: descriptors() <= before)

    play(scene)
