"""Behaviour of the reader of such disks."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.disks import CONTENT, image, needs_qemu, shows_its_blocks_first
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks import whole as limits
from clearward.formats.unpack import vhd


@needs_qemu
def test_a_growing_disk_comes_back(tmp_path: Path) -> None:
    data = image(tmp_path, "vpc", "-o", "force_size=on")
    assert contents(vhd.unpack(Reader.of(data))) == [CONTENT]
    assert contents(vhd.unpack_fixed(Reader.of(data))) == []
    cut = collect(vhd.unpack(Reader.of(data[: len(data) // 4])))
    assert cut[1] == [Reason.TRUNCATED]
    differing = data[:60] + b"\0\0\0\4" + data[64:]
    assert gaps(vhd.unpack(Reader.of(differing))) == [Reason.UNSUPPORTED]


@needs_qemu
def test_of_a_disk_that_is_too_large_its_blocks_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1000)
    data = image(tmp_path, "vpc", "-o", "force_size=on")
    assert shows_its_blocks_first(contents(vhd.unpack(Reader.of(data))))


@needs_qemu
def test_a_disk_of_fixed_size_comes_back(tmp_path: Path) -> None:
    data = image(tmp_path, "vpc", "-o", "subformat=fixed,force_size=on")
    assert contents(vhd.unpack_fixed(Reader.of(data))) == [CONTENT]


def test_headers_that_cannot_be_right_are_errors() -> None:
    for data in (b"", vhd.MAGIC, vhd.MAGIC.ljust(512, b"\0"), b"x" * 512):
        with pytest.raises(Malformed):
            contents(vhd.unpack(Reader.of(data)))
    with pytest.raises(Malformed):
        contents(vhd.unpack_fixed(Reader.of(bytes(600))))


@given(st.binary(max_size=600), st.integers(0, 4))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes, kind: int) -> None:
    whole = (
        vhd.MAGIC.ljust(52, b"\0") + b"\0\0\1\0\0\0\0\0\0\0\0" + bytes([kind]) + data
    )
    for unpack in (vhd.unpack, vhd.unpack_fixed):
        try:
            contents(unpack(Reader.of(whole)))
        except Malformed as error:
            assert 0 <= error.offset <= max(len(whole), error.offset)
