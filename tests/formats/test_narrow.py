"""Text without its zero bytes."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.narrow import narrow


@given(st.binary(), st.integers(0, 300))
def test_only_zero_bytes_are_left_out(text: bytes, more: int) -> None:
    text += b"a" * more
    assert narrow(text) == bytes(byte for byte in text if byte)


def test_text_without_zero_bytes_is_not_copied() -> None:
    text = b"ordinary text"
    assert narrow(text) is text
