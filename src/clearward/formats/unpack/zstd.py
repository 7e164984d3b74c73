"""Unpack zstd files: frames, joined as `zstd -d` joins them; see `zstd_frames`."""

from collections.abc import Iterator

from backports.zstd import ZstdError

from clearward.core.part import Part
from clearward.core.reader import Forward, Reader, Stream
from clearward.formats.inflate import Frames
from clearward.formats.zstd_frames import MAGIC, OLD, OLDEST, SKIPPABLE, begin

NAME = "zstd"
MAGICS = (MAGIC, *SKIPPABLE, *OLD, OLDEST)


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is zstd."""
    return head.startswith(MAGICS)


def unpack(source: Forward) -> Iterator[Part]:
    """Yield the content, then whatever lies behind it.

    Raises:
        Undecoded: memory-limit, a window above 64 MiB and more content than that;
            unsupported, a frame of an old version or one that needs a dictionary.
        Malformed: a block or a checksum is wrong.
        Truncated: the last frame has no end.
    """
    frames = Frames(NAME, source, begin, errors=(ZstdError,))
    yield Part(Stream(iter(frames)))
    tail = frames.tail()
    if tail is not None:
        yield Part(tail, name=b"trailing")
