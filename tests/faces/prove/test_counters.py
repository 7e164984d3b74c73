"""What the kernel counts, read and reckoned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.faces.prove.counters import (
    Counts,
    interfaces,
    irregular,
    on_the_wire,
)

TABLE = (
    "Inter-|   Receive                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes ...\n"
    "    lo:       0       0    0    0    0     0          0         0"
    "        0       0    0    0    0     0       0          0\n"
    "   cw0:     310       4    0    0    0     0          0         0"
    "      495       6    0    0    0     0       0          0\n"
)
TCP = (
    "Tcp: RtoAlgorithm RtoMin RetransSegs\nTcp: 1 200 7\nUdp: a\nUdp: 1\n"
    "TcpExt: TCPOFOQueue TCPDSACKOldSent TCPDSACKOfoSent\nTcpExt: 10 100 1000\n"
)


def test_each_interface_has_its_counts() -> None:
    found = interfaces(TABLE)
    assert found["cw0"] == Counts(495, 6, 310, 4)
    assert found["lo"].nothing
    assert found["cw0"].since(Counts(400, 5, 300, 3)) == Counts(95, 1, 10, 1)


def test_a_connection_comes_to_what_was_measured() -> None:
    assert on_the_wire(91, 6, 1) == 495
    assert on_the_wire(38, 4, 1) == 310
    assert on_the_wire(3_000_044, 55, 1) == 3_003_682


def test_what_had_to_be_mended_is_found_by_its_names() -> None:
    assert irregular(TCP) == 1117


@given(st.text(max_size=200))
def test_what_is_no_such_table_is_malformed(text: str) -> None:
    for read in (interfaces, irregular):
        try:
            read(text)
        except Malformed:
            continue


@pytest.mark.parametrize("text", ["", "Tcp: a\n", TCP.replace("7", "x"), TCP[:60]])
def test_no_figure_is_no_zero(text: str) -> None:
    with pytest.raises(Malformed):
        irregular(text)


def test_a_line_cut_short_is_malformed() -> None:
    with pytest.raises(Malformed):
        interfaces("\n\n cw0: 1 2 3\n")
