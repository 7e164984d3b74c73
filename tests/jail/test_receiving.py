"""What a zygote is told before it begins."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.rule_archives import RULE, rule_zip

from clearward.jail import control
from clearward.jail.control import Settings, SourceHead
from clearward.jail.receiving import receive


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


def hand(channel: socket.socket, head: SourceHead, path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    socket.send_fds(channel, [control.encode("S", head)], [descriptor])
    os.close(descriptor)


def test_sources_and_settings_are_taken(
    pair: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    ours, theirs = pair
    (tmp_path / "a").write_bytes(b"rule a { condition: true }")
    hand(ours, SourceHead(0, "a.yar", "yara", "local", 26), tmp_path / "a")
    hand(ours, SourceHead(1, "b.cwr", "cwr", "local", 26), tmp_path / "a")
    ours.send(control.encode("C", Settings(lint=True)))
    told = receive(theirs)
    assert told is not None
    assert told.task == Settings(lint=True)
    assert [source.text for source in told.sources] == [b"rule a { condition: true }"]
    ((head, descriptor),) = told.images
    assert head.label == "b.cwr"
    os.close(descriptor)


def test_an_archive_of_rules_is_opened(
    pair: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    ours, theirs = pair
    data = rule_zip([("b.yar", RULE), ("a.yar", RULE)])
    (tmp_path / "a").write_bytes(data)
    head = SourceHead(0, "a.yar.zip", "yara-zip", "local", len(data))
    hand(ours, head, tmp_path / "a")
    ours.send(control.encode("C", Settings()))
    told = receive(theirs)
    assert told is not None
    (source,) = told.sources
    assert (source.kind, source.text) == ("yara", data)
    assert source.archive is not None
    assert [one.member for one in source.archive.members] == ["a.yar", "b.yar"]


def test_a_file_to_write_an_image_to_is_a_task(
    pair: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    ours, theirs = pair
    (tmp_path / "a").write_bytes(b"")
    descriptor = os.open(tmp_path / "a", os.O_RDWR)
    socket.send_fds(ours, [b"W"], [descriptor])
    os.close(descriptor)
    told = receive(theirs)
    assert told is not None
    assert isinstance(told.task, int)
    os.close(told.task)


def test_a_broker_that_has_gone_is_none(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    ours.close()
    assert receive(theirs) is None
