"""Base64 in which each value has one spelling: what is signed as text needs that.

Source: RFC 4648, section 4, and on canonical encodings section 3.5.
"""

import base64
import binascii


def decode(text: str) -> bytes:
    """Return the bytes.

    Raises:
        ValueError: it is no base64, or not the one spelling.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("no base64") from error
    if encode(data) != text:
        raise ValueError("base64 in another spelling")
    return data


def encode(data: bytes) -> str:
    """Return the text."""
    return base64.b64encode(data).decode("ascii")
