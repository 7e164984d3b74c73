"""Behaviour of content that is read twice."""

from support.parts import passing_by, read

from clearward.core.reader import Reader, Stream
from clearward.formats.tar.kept import Kept


def stream(data: bytes) -> Stream:
    made = passing_by(data, 4)
    assert isinstance(made, Stream)
    return made


def test_content_at_hand_is_used_again() -> None:
    kept = Kept(Reader.of(b"content"), 0)
    assert read(kept.part) == b"content"
    again = kept.again()
    assert again is not None
    assert read(again) == b"content"


def test_content_that_passes_is_held() -> None:
    kept = Kept(stream(b"long content"), 12)
    assert read(kept.part) == b"long content"
    again = kept.again()
    assert again is not None
    assert read(again) == b"long content"


def test_content_that_nobody_read_is_read_for_the_second_time() -> None:
    again = Kept(stream(b"long content"), 12).again()
    assert again is not None
    assert read(again) == b"long content"


def test_content_that_is_too_long_is_not_held() -> None:
    kept = Kept(stream(b"long content"), 11)
    assert read(kept.part) == b"long content"
    assert kept.again() is None
