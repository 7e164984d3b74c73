"""What a client needs is read in a clamd.conf."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.faces.clamav.conf import parse, read
from clearward.faces.clamav.link import Server


def test_a_socket_wins_over_an_address() -> None:
    conf = parse("# x\nTCPSocket 3310\nLocalSocket /run/a b.ctl\nFoo bar\n", "f")
    assert conf.servers == (Server(path="/run/a b.ctl"),)
    assert conf.local


def test_every_address_is_kept() -> None:
    conf = parse('TCPSocket 3310\nTCPAddr "::1"\nTCPAddr 10.0.0.1\n', "f")
    assert conf.servers == (
        Server(host="::1", port=3310),
        Server(host="10.0.0.1", port=3310),
    )
    assert not conf.local
    (server,) = parse("TCPSocket 3310\n", "f").servers
    assert server.host == "localhost"


def test_paths_are_left_out() -> None:
    conf = parse("ExcludePath ^/proc/\nExcludePath \\.iso$\n", "f")
    assert conf.leaves("/proc/1")
    assert conf.leaves("/a.iso")
    assert not conf.leaves("/a/proc/1")


@pytest.mark.parametrize(
    "text",
    [
        "Example\nTCPSocket 3310\n",
        "TCPSocket 0\n",
        "TCPSocket 65536\n",
        "TCPSocket x\n",
        "TCPSocket\n",
        "LocalSocket\n",
        "ExcludePath (\n",
    ],
)
def test_what_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse(text, "f")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        read(str(tmp_path / "no"))


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text, "f")
    except Refused as error:
        assert str(error)
