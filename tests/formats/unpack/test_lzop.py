"""Behaviour of the reader of lzop's files."""

import shutil
import subprocess
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import lzop

MAGIC = b"\x89LZO\0\r\n\x1a\n"
TEXT = b"".join(b"the %d of %d, " % (n, n * n) for n in range(20_000))
# A run of 8 bytes, a match of 22 from 8 back, and the end.
PACKED, PLAIN = b"\x19abcdefgh\x34\x1c\0\x11\0\0", (b"abcdefgh" * 4)[:30]


def big(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size)


def header(*, flags: int = 1, method: int = 1, name: bytes = b"n") -> bytes:
    head = MAGIC + big(0x1030, 2) + big(0x2080, 2) + big(0x0940, 2) + bytes((method, 5))
    head += big(flags) + bytes(12)
    return head + bytes((len(name),)) + name + bytes(4)


def block(plain: bytes, packed: bytes) -> bytes:
    return big(len(plain)) + big(len(packed)) + big(zlib.adler32(plain)) + packed


def test_packed_and_stored_blocks_come_back() -> None:
    data = header() + block(PLAIN, PACKED) + block(b"plain", b"plain") + big(0)
    found = named(lzop.unpack(Reader.of(data)))
    assert found == [(b"n", PLAIN + b"plain")]


def test_what_stands_behind_the_end_is_a_part() -> None:
    data = header() + block(b"one", b"one") + big(0) + b"more"
    assert contents(lzop.unpack(Reader.of(data))) == [b"one", b"more"]


def test_a_wrong_checksum_is_corrupt_behind_the_content() -> None:
    data = header() + big(3) + big(3) + big(7) + b"one" + big(0)
    part = next(lzop.unpack(Reader.of(data)))
    with pytest.raises(Malformed, match="checksum"):
        contents([part])


def test_other_methods_are_unsupported_and_large_blocks_refused() -> None:
    assert gaps(lzop.unpack(Reader.of(header(method=9)))) == [Reason.UNSUPPORTED]
    data = header() + big(1 << 30) + big(5) + big(1) + b"."
    with pytest.raises(Malformed) as caught:
        contents(lzop.unpack(Reader.of(data)))
    assert caught.value.reason is Reason.MEMORY_LIMIT


def test_a_file_that_ends_early_gives_what_there_is() -> None:
    data = header() + block(b"one", b"one")
    with pytest.raises(Truncated):
        contents(lzop.unpack(Reader.of(data)))
    for size in (3, 20):
        with pytest.raises(Truncated) as caught:
            contents(lzop.unpack(Reader.of(data[:size])))
        assert caught.value.offset <= size


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(1, 3000))
def test_arbitrary_bytes_are_no_trouble(data: bytes, size: int) -> None:
    collect(lzop.unpack(Reader.of(MAGIC + data)))
    front = header(flags=0) + big(size) + big(min(len(data), size))
    for item in lzop.unpack(Reader.of(front + data)):
        try:
            contents([item])
        except Malformed:
            return


@pytest.mark.skipif(shutil.which("lzop") is None, reason="lzop is not installed")
@pytest.mark.parametrize("level", ["-1", "-3", "-9"])
@pytest.mark.parametrize("sums", [[], ["--crc32"], ["-F"]])
def test_what_lzop_writes_comes_back(level: str, sums: list[str]) -> None:
    noise = b"".join(zlib.crc32(big(n)).to_bytes(4) for n in range(20_000))
    for content in (TEXT, noise, bytes(700_000), TEXT + noise + TEXT, b"x"):
        command = ["lzop", "-c", level, *sums]
        done = subprocess.run(
            command, input=content, capture_output=True, check=True, timeout=60
        )
        ((_, found),) = named(lzop.unpack(Reader.of(done.stdout)))
        assert found == content
