"""Behaviour of the reader of a 7z folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.formats.seven.fields import Fields
from clearward.formats.seven.folder import Coder, Folder, read_folder

BCJ2 = (
    b"\4"
    b"\x14\x03\x03\x01\x1b\4\1"  # 4 inputs, 1 output
    b"\x23\x03\x01\x01\5\x5d\0\0\1\0"
    b"\1\0"
    b"\1\0"
    b"\0\1\1\2\2\3"  # inputs 0, 1, 2 of BCJ2 take outputs 1, 2, 3
    b"\4\5\6\3"  # inputs that take packed streams
)


def test_one_coder_takes_one_packed_stream() -> None:
    folder = read_folder(Fields(b"\1\x21\x21\1\x18", 0))
    assert folder == Folder((Coder(b"\x21", b"\x18"),), {}, (0,))
    assert folder.last == 0


def test_coders_feed_each_other() -> None:
    folder = read_folder(Fields(BCJ2, 0))
    assert [coder.inputs for coder in folder.coders] == [4, 1, 1, 1]
    assert folder.bonds == {0: 1, 1: 2, 2: 3}
    assert folder.packed == (4, 5, 6, 3)
    assert folder.last == 0


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\0", id="no coder"),
        pytest.param(b"\x21" + b"\1\0" * 33, id="too many coders"),
        pytest.param(b"\1\x11\0\1\2", id="two outputs"),
        pytest.param(b"\1\x11\0\0\1", id="no input"),
        pytest.param(b"\2\1\0\1\0\2\1", id="bond of no input"),
        pytest.param(b"\2\1\0\1\0\1\2", id="bond to no output"),
        pytest.param(b"\3\1\0\1\0\1\0\0\1\0\2", id="two bonds of one input"),
        pytest.param(b"\3\1\0\1\0\1\0\0\1\1\1", id="two bonds to one output"),
        pytest.param(b"\1\x11\0\2\1\0\0", id="one input packed twice"),
        pytest.param(b"\1\x11\0\2\1\0\2", id="no such input packed"),
        pytest.param(b"\1\x2f" + bytes(12), id="cut"),
    ],
)
def test_what_cannot_be_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_folder(Fields(data, 0))


@given(st.binary(max_size=60))
def test_arbitrary_bytes_give_a_folder_that_hangs_together(data: bytes) -> None:
    try:
        folder = read_folder(Fields(data, 0))
    except Malformed:
        return
    inputs = range(sum(coder.inputs for coder in folder.coders))
    assert sorted([*folder.bonds, *folder.packed]) == list(inputs)
    assert 0 <= folder.last < len(folder.coders)
