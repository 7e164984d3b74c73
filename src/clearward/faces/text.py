"""Show text from outside so that it cannot steer a terminal or mislead a reader.

Control and escape characters, bytes that are no UTF-8, marks that turn the direction of
writing, characters that are invisible and lone surrogates are written as escapes.
"""

import os


def shown(raw: bytes) -> str:
    r"""Return raw bytes as printable text; what is not printable as ``\x1b``."""
    return escaped(raw.decode("utf-8", errors="surrogateescape"))


def escaped(text: str) -> str:
    """Return text in which every character is printable."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escape(one) for one in text)


def utf8(raw: bytes) -> tuple[str, bool]:
    r"""Return raw bytes as valid UTF-8, and whether they were that already.

    Bytes that are no UTF-8 become ``\xNN``; nothing else is changed, since JSON has
    escapes of its own.
    """
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return raw.decode("utf-8", errors="backslashreplace"), False


def raw(text: str) -> bytes:
    """Return the bytes of an argument as the kernel gave them."""
    return os.fsencode(text)


def _escape(one: str) -> str:
    if "\udc80" <= one <= "\udcff":  # a byte that was no UTF-8
        return f"\\x{ord(one) - 0xDC00:02x}"
    if one <= "\xff":
        return f"\\x{ord(one):02x}"
    return f"\\u{ord(one):04x}" if one <= "\uffff" else f"\\U{ord(one):08x}"
