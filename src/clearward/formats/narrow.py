"""Read UTF-16 as its ASCII letters: text without its zero bytes."""

ZERO = b"\0"
RARE = 64  # bytes for each zero byte from which on they are cut out one by one


def narrow(text: bytes) -> bytes:
    """Return a text without zero bytes, itself if it has none.

    `replace` takes its time for each zero byte, `translate` for each byte.
    """
    count = text.count(ZERO)
    if not count:
        return text
    if count * RARE < len(text):
        return text.replace(ZERO, b"")
    return text.translate(None, ZERO)
