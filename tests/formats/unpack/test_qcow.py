"""Behaviour of the reader of such disks."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.disks import CONTENT, image, needs_qemu, shows_its_blocks_first
from support.parts import collect, contents, gaps

from clearward.core.errors import Malformed
from clearward.core.part import Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.disks import whole as limits
from clearward.formats.unpack import qcow


@needs_qemu
@pytest.mark.parametrize(
    "options",
    [["-o", "compat=0.10"], ["-o", "compat=1.1"], ["-c"], ["-o", "cluster_size=512"]],
)
def test_a_disk_comes_back(options: list[str], tmp_path: Path) -> None:
    data = image(tmp_path, "qcow2", *options)
    assert contents(qcow.unpack(Reader.of(data))) == [CONTENT]
    assert gaps(qcow.unpack(Reader.of(data))) == []


@needs_qemu
def test_of_a_disk_that_is_too_large_its_blocks_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1000)
    data = image(tmp_path, "qcow2")
    assert shows_its_blocks_first(contents(qcow.unpack(Reader.of(data))))


@needs_qemu
def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    data = image(tmp_path, "qcow2")

    def said(place: int, value: bytes) -> tuple[list[Reason], str]:
        changed = data[:place] + value + data[place + len(value) :]
        return collect(qcow.unpack(Reader.of(changed)))[1:]

    assert said(4, b"\0\0\0\1")[0] == [Reason.UNSUPPORTED]
    assert said(15, b"\1")[0] == [Reason.UNSUPPORTED]
    assert said(63, b"\1")[0] == [Reason.UNSUPPORTED]
    assert said(79, b"\4")[0] == [Reason.UNSUPPORTED]
    assert said(35, b"\1")[0] == [Reason.ENCRYPTED]
    assert said(23, b"\1")[1] == "length of a cluster"
    cut = collect(qcow.unpack(Reader.of(data[: len(data) // 2])))
    assert cut[1] == [Reason.TRUNCATED]


@needs_qemu
def test_damaged_clusters_are_said(tmp_path: Path) -> None:
    data = image(tmp_path, "qcow2", "-c")
    said = set()
    for place in range(1 << 16, len(data), 1 << 15):
        damaged = data[:place] + b"\xff" * 999 + data[place + 999 :]
        said.update(collect(qcow.unpack(Reader.of(damaged)))[1])
    assert Reason.CORRUPT in said


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    start = qcow.MAGIC + b"\0\0\0\2" + bytes(15) + b"\x10" + bytes(5) + b"\1\0\0"
    for whole in (qcow.MAGIC + data, start + data):
        try:
            for item in qcow.unpack(Reader.of(whole)):
                if isinstance(item, Part) and isinstance(item.content, Reader):
                    assert len(item.content.at(0, 1 << 20)) <= 1 << 20
        except Malformed as error:
            assert 0 <= error.offset <= len(whole)
