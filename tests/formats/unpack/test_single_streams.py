"""What the readers of single compressed streams have in common.

Each gives one part for all streams of a file, joined, and one for what lies behind
them. Damage and a missing end never cost what stands before.
"""

import bz2
import gzip
import lzma
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from lz4 import frame
from support.parts import WAYS, Way, at_random, named, passing_by
from support.streams import (
    CONTENT,
    NOISE,
    gzip_member,
    lz4_legacy,
    lzma_alone,
    noise,
    opened,
    skippable,
)

from clearward.core.errors import Malformed, Truncated
from clearward.core.part import Item
from clearward.core.reader import Forward, Reader
from clearward.formats.unpack import bzip2 as bzip2_reader
from clearward.formats.unpack import gzip as gzip_reader
from clearward.formats.unpack import lz4 as lz4_reader
from clearward.formats.unpack import lzma as lzma_reader
from clearward.formats.unpack import xz as xz_reader
from clearward.formats.unpack import zstd as zstd_reader

LONG = noise(64_000) + CONTENT * 300  # several blocks for every tool
XZ = lzma.compress(b"xyz", preset=0)
ALONE = lzma_alone()


def zstd_checked(content: bytes) -> bytes:
    """A frame with a checksum behind its content."""
    options: dict[int, int] = {zstd.CompressionParameter.checksum_flag: 1}
    return zstd.compress(content, options=options)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of compressed file.

    Attributes:
        recognises: of its reader.
        unpack: of its reader.
        fronts: what a file may begin with, for arbitrary bytes to follow.
        short: a file that begins with `CONTENT`, to be cut anywhere.
        least: bytes of `short` that are always left.
        behind: a file and what lies behind it, and what the two are as parts.
        pack: makes one of the streams that are joined; None if there is only one.
        between: what may stand between streams, and behind the last.
        held: content of `checked`.
        checked: a file with something to verify behind its content.
        places: where that stands, counted from the end.
        tools: commands that write such a file.
    """

    recognises: Callable[[bytes, Reader], bool]
    unpack: Callable[[Forward], Iterator[Item]]
    fronts: st.SearchStrategy[bytes]
    short: bytes
    least: int
    behind: tuple[tuple[bytes, bytes, bytes], ...]
    tools: tuple[str, ...]
    pack: Callable[[bytes], bytes] | None = None
    between: tuple[bytes, ...] = (b"",)
    held: bytes = b""
    checked: bytes = b""
    places: tuple[int, ...] = ()


KINDS = {
    "gzip": Kind(
        gzip_reader.recognises,
        gzip_reader.unpack,
        fronts=st.just(gzip_reader.MAGIC),
        short=gzip_member(CONTENT[:200], gzip_reader.FILE_NAME, b"n\0"),
        least=3,
        behind=((gzip_member() + b"\0\0PK", CONTENT, b"PK"),),
        tools=("gzip -9c", "pigz -9c"),
        pack=gzip.compress,
        held=CONTENT,
        checked=gzip_member(),
        places=tuple(range(-8, 0)),
    ),
    "bzip2": Kind(
        bzip2_reader.recognises,
        bzip2_reader.unpack,
        fronts=st.just(b"BZh11AY&SY"),
        short=bz2.compress(CONTENT[:200]),
        least=4,
        behind=tuple(
            (bz2.compress(b"x") + behind, b"x", behind)
            for behind in (b"PK", b"\0\0\0", b"BZh9 is a magic")
        ),
        tools=("bzip2 -1c", "bzip2 -9c"),
        pack=bz2.compress,
    ),
    "xz": Kind(
        xz_reader.recognises,
        xz_reader.unpack,
        fronts=st.integers(6, 36).map(lambda kept: XZ[:kept]),
        short=lzma.compress(CONTENT[:200], preset=0),
        least=6,
        behind=((lzma.compress(b"x") + bytes(8) + b"PK", b"x", b"PK"),),
        tools=(
            *("xz -c -0", "xz -c -6e", "xz -c -9 -Csha256"),
            "xz -c -T2 --block-size=65536",
        ),
        pack=lambda content: lzma.compress(content, preset=0),
        between=tuple(bytes(words * 4) for words in range(4)),
        held=NOISE,
        checked=lzma.compress(NOISE),
        places=(-1, -10, -20, -28),  # magic, footer, index, check
    ),
    "zstd": Kind(
        zstd_reader.recognises,
        zstd_reader.unpack,
        fronts=st.just(zstd_reader.MAGICS[0]),
        short=zstd_checked(CONTENT[:200]),
        least=4,
        behind=((zstd.compress(b"x") + b"PK", b"x", b"PK"),),
        tools=(
            *("zstd -c -1", "zstd -c -19", "zstd -c --long=31"),
            "zstd -c --ultra -20 --no-check",
        ),
        pack=zstd.compress,
        between=(skippable(b"between"),),
        held=NOISE,
        checked=zstd_checked(NOISE),
        places=(-1,),
    ),
    "lz4": Kind(
        lz4_reader.recognises,
        lz4_reader.unpack,
        fronts=st.sampled_from(lz4_reader.MAGICS),
        short=frame.compress(CONTENT),
        least=5,
        behind=tuple(
            (data + b"\xff\xff\xff\xff", b"x", b"\xff\xff\xff\xff")
            for data in (frame.compress(b"x"), lz4_legacy(b"x"))
        ),
        tools=(
            "lz4 -c -1",
            "lz4 -c -9 -B4 -BD",
            "lz4 -c -l",
            "lz4 -c --content-size -BX",
        ),
        pack=frame.compress,
        between=(skippable(b"between", 1),),
        held=LONG,
        checked=frame.compress(LONG, content_checksum=True),
        places=(-1,),
    ),
    "lzma": Kind(
        lzma_reader.recognises,
        lzma_reader.unpack,
        fronts=st.integers(13, 40).map(lambda kept: ALONE[:kept]),
        short=lzma_alone(CONTENT[:200]),
        least=18,
        behind=((lzma_alone(b"x") + lzma_alone(b"y"), b"x", lzma_alone(b"y")),),
        tools=(
            *("xz --format=lzma -c -1", "xz --format=lzma -c -9e"),
            "xz --format=lzma -c --lzma1=lc=1,lp=3,pb=4,dict=3MiB",
        ),
    ),
}
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def each(attribute: str, *names: str) -> pytest.MarkDecorator:
    """Every kind with each value of one of its attributes."""
    return pytest.mark.parametrize(
        ("kind", *names),
        [
            pytest.param(kind, *(one if isinstance(one, tuple) else (one,)), id=name)
            for name, kind in KINDS.items()
            for one in getattr(kind, attribute)
        ],
    )


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, id=name) for name, kind in KINDS.items() if kind.pack],
)
@given(
    st.lists(st.binary(max_size=99), min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(1, 60),
    st.booleans(),
)
def test_streams_are_joined_over_what_may_stand_between_them(
    kind: Kind,
    streams: list[bytes],
    choice: int,
    piece: int,
    ended: bool,  # noqa: FBT001 - drawn
) -> None:
    assert kind.pack is not None
    between = kind.between[choice % len(kind.between)]
    data = between.join(map(kind.pack, streams)) + (between if ended else b"")
    assert named(kind.unpack(passing_by(data, piece))) == [(b"", b"".join(streams))]


@each("behind", "data", "content", "behind")
@WAYS
def test_what_lies_behind_the_last_stream_is_a_part(
    kind: Kind, data: bytes, content: bytes, behind: bytes, way: Way
) -> None:
    found = named(kind.unpack(way(data)))
    assert found == [(b"", content), (b"trailing", behind)]


@each("places", "place")
def test_damage_behind_the_content_keeps_every_byte(kind: Kind, place: int) -> None:
    data = bytearray(kind.checked)
    data[place] ^= 1
    found, error = opened(kind.unpack(passing_by(bytes(data) + b"behind")))
    assert found == [kind.held]
    assert type(error) is Malformed


@EVERY
@given(st.data())
def test_a_cut_file_gives_a_prefix_and_is_truncated(
    kind: Kind, draw: st.DataObject
) -> None:
    cut = kind.short[: draw.draw(st.integers(kind.least, len(kind.short) - 1))]
    found, error = opened(kind.unpack(passing_by(cut, 5)))
    assert CONTENT.startswith(found[0])
    assert isinstance(error, Truncated)


@each("tools", "command")
def test_what_the_tools_write_comes_back(kind: Kind, command: str) -> None:
    tool, *options = command.split()
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    run = subprocess.run([tool, *options], input=LONG, capture_output=True, check=True)
    assert kind.recognises(run.stdout, Reader.of(run.stdout))
    assert named(kind.unpack(at_random(run.stdout))) == [(b"", LONG)]


@EVERY
@given(st.data(), st.binary(max_size=300), st.integers(1, 99))
def test_arbitrary_bytes_give_the_same_however_they_are_split(
    kind: Kind, draw: st.DataObject, data: bytes, piece: int
) -> None:
    data = draw.draw(kind.fronts) + data
    found, error = opened(kind.unpack(passing_by(data)))
    again, same = opened(kind.unpack(passing_by(data, piece)))
    assert found == again
    assert type(error) is type(same)
    assert error is None or 0 <= error.offset <= len(data)
