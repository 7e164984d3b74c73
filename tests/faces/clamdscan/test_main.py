"""What clamdscan makes of a server that misbehaves, and of files that change."""

import os
import socket
from pathlib import Path

import pytest
from support.clam_lines import Lines, run
from support.fake_clamd import Play, playing, says, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"content")
    (tmp_path / "conf").write_text(f"LocalSocket {tmp_path}/s\n")
    return tmp_path


def scan(folder: Path, *words: str, plays: tuple[Play, ...] = ()) -> Lines:
    with playing(folder / "s", *plays):
        return run("clamdscan", "-c", "conf", "--no-summary", *words, folder=folder)


def stream(reply: bytes) -> Play:
    def play(link: socket.socket) -> None:
        assert until(link, bytes(4)).startswith(b"zINSTREAM\0")
        link.sendall(reply)

    return play


@pytest.mark.parametrize(
    "reply", [b"", b"PONG\0", b"stream: OK, I think\0", b"OK\0", b"stream: FOUND\0"]
)
def test_only_a_clear_ok_is_clean(folder: Path, reply: bytes) -> None:
    assert scan(folder, "--stream", "a", plays=(stream(reply),)).status == 2


def test_a_clear_ok_is_clean(folder: Path) -> None:
    ran = scan(folder, "--stream", "a", plays=(stream(b"stream: OK\0"),))
    assert ran == Lines(0, f"{folder}/a: OK\n", "")


def test_no_reply_to_a_path_is_an_error(folder: Path) -> None:
    command = b"zCONTSCAN " + os.fsencode(folder / "a") + b"\0"
    ran = scan(folder, "a", plays=(says(command),))
    assert ran == Lines(2, "", f"ERROR: {folder}/a: no reply from clamd\n")


def test_a_reply_cannot_steer_the_terminal(folder: Path) -> None:
    ran = scan(folder, "--stream", "a", plays=(stream(b"stream: \x1b[2J FOUND\0"),))
    assert ran == Lines(1, f"{folder}/a: \\x1b[2J FOUND\n", "")


def test_a_file_that_changes_meanwhile_is_not_clean(folder: Path) -> None:
    def play(link: socket.socket) -> None:
        until(link, bytes(4))
        (folder / "a").write_bytes(b"something else")
        link.sendall(b"stream: OK\0")

    ran = scan(folder, "--stream", "a", plays=(play,))
    assert ran == Lines(2, f"{folder}/a: changed ERROR\n", "")


def session(*replies: bytes) -> Play:
    def play(link: socket.socket) -> None:
        assert until(link, b"zEND\0").startswith(b"zIDSESSION\0")
        for reply in replies:
            link.sendall(reply + b"\0")

    return play


@pytest.fixture
def tree(folder: Path) -> Path:
    made = folder / "tree"
    made.mkdir()
    for name in ("a", "b", "c"):
        (made / name).write_bytes(name.encode() * 10)
    return made


def order(tree: Path) -> list[Path]:
    """The files of the tree in the order in which they are sent."""
    with os.scandir(tree) as listing:
        return [Path(entry.path) for entry in listing]


def test_a_session_is_read_by_its_numbers(folder: Path, tree: Path) -> None:
    play = session(b"3: stream: OK", b"2: stream: X FOUND", b"1: stream: OK")
    ran = scan(folder, "--stream", "-m", "tree", plays=(play,))
    assert ran == Lines(1, f"{order(tree)[1]}: X FOUND\n", "")


def test_a_session_of_clean_files_is_clean(folder: Path, tree: Path) -> None:
    play = session(b"3: stream: OK", b"2: stream: OK", b"1: stream: OK")
    ran = scan(folder, "--stream", "-m", "tree", plays=(play,))
    assert ran == Lines(0, f"{tree}: OK\n", "")


@pytest.mark.parametrize(
    "replies",
    [
        (b"1: stream: OK", b"4: stream: OK"),
        (b"1: stream: OK", b"1: stream: OK"),
        (b"stream: OK",),
        (b"1: OK",),
        (b"1: PONG", b"2: stream: OK", b"3: stream: OK"),
    ],
)
def test_a_session_that_does_not_add_up_is_an_error(
    folder: Path, tree: Path, replies: tuple[bytes, ...]
) -> None:
    again = stream(b"stream: OK\0")
    plays = (session(*replies), *[again] * (2 if replies == (b"1: OK",) else 0))
    ran = scan(folder, "--stream", "-m", tree.name, plays=plays)
    assert ran.status == 2


def closes_at_once(link: socket.socket) -> None:
    link.recv(1)


@pytest.mark.parametrize(
    ("first", "answered"),
    [(closes_at_once, 0), (session(), 0), (session(b"1: stream: OK"), 1)],
    ids=["at once", "unanswered", "one answered"],
)
def test_what_a_session_leaves_unanswered_is_sent_again(
    folder: Path, tree: Path, first: Play, answered: int
) -> None:
    """Not one file of the tree is lost when the server ends a session early."""
    left = len(order(tree)) - answered
    found = stream(b"stream: X FOUND\0")
    ran = scan(folder, "--stream", "-m", "tree", plays=(first, *[found] * left))
    assert ran.status == 1
    assert sorted(ran.out.splitlines()) == sorted(
        f"{path}: X FOUND" for path in order(tree)[-left:]
    )


def test_what_is_left_out_is_said_once_and_counts(folder: Path) -> None:
    (folder / "tree/out/deep").mkdir(parents=True)
    for name in ("in", "out/a", "out/deep/b"):
        (folder / "tree" / name).write_bytes(b"x")
    with (folder / "conf").open("a") as conf:
        conf.write(f"ExcludePath ^{folder}/tree/out\n")
    ran = scan(folder, "--stream", "tree", plays=(stream(b"stream: OK\0"),))
    assert ran == Lines(2, f"{folder}/tree/out: Excluded\n", "")


def test_it_waits_until_the_server_is_there(folder: Path) -> None:
    plays = (says(b"zPING\0"), says(b"zPING\0", b"PONG\0"))
    ran = scan(folder, "--ping", "5:0", "-v", plays=plays)
    assert ran == Lines(
        0, "Could not connect, will PING again in 0 seconds\nPONG\n", ""
    )


@pytest.mark.parametrize(("value", "status"), [("x", 34), ("1:x", 34), ("1:", 34)])
def test_a_ping_that_is_none_has_its_status(
    folder: Path, value: str, status: int
) -> None:
    assert scan(folder, "--ping", value).status == status


def test_a_list_that_cannot_be_read_is_not_clean(folder: Path) -> None:
    ran = scan(folder, "-f", "nolist")
    assert ran == Lines(2, "", "ERROR: --file-list: Can't open file nolist\n")


def test_options_of_clamscan_are_ignored_and_said(folder: Path) -> None:
    ran = scan(folder, "--stream", "-r", "a", plays=(stream(b"stream: OK\0"),))
    assert ran.err == "WARNING: Ignoring unsupported option --recursive (-r)\n"
    assert ran.status == 0
