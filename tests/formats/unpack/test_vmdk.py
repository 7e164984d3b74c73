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
from clearward.formats.unpack import vmdk


@needs_qemu
@pytest.mark.parametrize("kind", ["monolithicSparse", "streamOptimized"])
def test_a_disk_comes_back(kind: str, tmp_path: Path) -> None:
    data = image(tmp_path, "vmdk", "-o", f"subformat={kind}")
    assert contents(vmdk.unpack(Reader.of(data))) == [CONTENT]
    assert gaps(vmdk.unpack(Reader.of(data))) == []
    cut = collect(vmdk.unpack(Reader.of(data[: len(data) // 2])))
    assert cut[1] == [Reason.TRUNCATED] or cut[2] == "footer"
    differing = data.replace(b"parentCID=ffffffff", b"parentCID=12345678")
    assert gaps(vmdk.unpack(Reader.of(differing)))[-1:] == [Reason.UNSUPPORTED]


@needs_qemu
def test_of_a_disk_that_is_too_large_its_blocks_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1000)
    data = image(tmp_path, "vmdk")
    assert shows_its_blocks_first(contents(vmdk.unpack(Reader.of(data))))


@needs_qemu
def test_damaged_grains_are_said(tmp_path: Path) -> None:
    data = image(tmp_path, "vmdk", "-o", "subformat=streamOptimized")
    place = data.rfind(b"\x78") or 0
    damaged = data.replace(b"\x78\x9c", b"\x78\x9d").replace(b"\x78\xda", b"\x78\xdb")
    assert place
    assert collect(vmdk.unpack(Reader.of(damaged)))[1] == [Reason.CORRUPT]


def test_headers_that_cannot_be_right_are_errors() -> None:
    for data in (b"", vmdk.MAGIC, vmdk.MAGIC.ljust(512, b"\0")):
        with pytest.raises(Malformed):
            contents(vmdk.unpack(Reader.of(data)))
    assert gaps(vmdk.unpack(Reader.of(b"COWD".ljust(512)))) == [Reason.UNSUPPORTED]


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    start = vmdk.MAGIC + bytes(8) + b"\1".ljust(8, b"\0") + b"\1".ljust(8, b"\0")
    for whole in (vmdk.MAGIC + data, start + bytes(16) + b"\1\0\0\0" + data):
        try:
            contents(vmdk.unpack(Reader.of(whole)))
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
