"""A program that passes by, too large to be held, and what it carries."""

import gzip
import io
import lzma
import tarfile
import time

import pytest
from support.marks import MARK
from support.programs import Pe, Section

from clearward.core.limits import MIB, Limits
from clearward.core.reader import CHUNK, Reader
from clearward.core.reasons import NONE, Reason
from clearward.engine import walk
from clearward.engine.carried import Kept
from clearward.engine.scan import Engine
from clearward.formats import heavy, opened
from clearward.formats.format import Format
from clearward.formats.unpack.netbundle import MAGIC
from clearward.rules.ruleset import RuleSet

IMAGE = 2 * MIB  # of a program, so that what lies behind it is not in the front
PACKED = gzip.compress(MARK, mtime=0)
# The first header of Nullsoft's installer: flags, its magic, sizes.
NSIS = bytes(4) + b"\xef\xbe\xad\xdeNullsoftInst" + bytes(8)


@pytest.fixture(autouse=True)
def small_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy.load()
    opened.load()
    monkeypatch.setattr(walk, "WHOLE", 100_000)
    monkeypatch.setattr("clearward.engine.budget.HELD", 100_000)


def program(*contents: tuple[int, bytes]) -> bytes:
    code = 0x60000020
    text = Section(IMAGE, 0x1000, IMAGE, 0x200, code, b".text")
    size = 0x200 + IMAGE
    return Pe((text,), size=size, image=IMAGE + 0x2000, contents=contents).build()


def passed(data: bytes) -> Reason:
    """What is said of a file that is in a compressed archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("setup.exe")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    packed = gzip.compress(out.getvalue(), 1)
    engine = Engine(RuleSet(None, (), None), Limits(), time.monotonic)
    return engine.scan(Reader.of(packed)).reasons


def test_a_program_that_carries_nothing_is_clean() -> None:
    assert passed(program()) == NONE
    assert passed(program() + bytes(3 * MIB)) == NONE


@pytest.mark.parametrize("carried", [PACKED, lzma.compress(MARK), NSIS])
def test_what_a_program_carries_behind_its_image_is_a_gap(carried: bytes) -> None:
    assert passed(program() + carried + bytes(3 * MIB)) == Reason.MEMORY_LIMIT


def test_a_bundle_that_a_program_points_to_is_a_gap() -> None:
    place = IMAGE - 100
    pointing = (place, (3 * MIB).to_bytes(8, "little") + MAGIC)
    assert passed(program(pointing) + bytes(3 * MIB)) == Reason.MEMORY_LIMIT
    nowhere = (place, bytes(8) + MAGIC)  # as in a program that has none
    assert passed(program(nowhere) + bytes(3 * MIB)) == NONE


def test_what_is_kept_of_a_program_is_what_stands_there() -> None:
    data = program() + PACKED + bytes(range(256)) * 5000
    kept = Kept(data[:MIB])
    for start in range(0, len(data), CHUNK):
        kept.feed(data[start : start + CHUNK])
    behind = 0x200 + IMAGE
    seen: list[bytes] = []

    def recognises(head: bytes, reader: Reader) -> bool:
        seen.extend((head[:2], reader.at(behind, 5000), reader.at(reader.size - 9, 9)))
        return reader.size == len(data)

    format = Format("any", recognises)
    assert kept.shows(format)
    assert seen == [b"MZ", data[behind : behind + 5000], data[-9:]]
