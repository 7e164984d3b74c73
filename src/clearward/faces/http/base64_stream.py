"""Base64 that arrives in pieces, decoded as it comes.

Strict: the alphabet with ``+`` and ``/``, padded, and nothing behind the padding. What
another reader might understand differently is refused, not guessed at.

Source: RFC 4648, section 4.
"""

from binascii import Error, a2b_base64

from clearward.core.errors import Malformed

_GROUP = 4  # characters that are three bytes


class Base64Stream:
    """Turns characters into bytes. Holds at most three characters back."""

    def __init__(self) -> None:
        self._left = b""
        self._taken = 0
        self._ended = False

    def receive(self, data: bytes) -> bytes:
        """Take characters, however split, and return the bytes that are complete.

        Raises:
            Malformed: a character outside the alphabet, or one behind the padding.
        """
        if not data:
            return b""
        if self._ended:
            raise Malformed("base64", self._taken, "padding: something is behind it")
        data = self._left + data
        whole = len(data) - len(data) % _GROUP
        self._left = data[whole:]
        try:
            decoded = a2b_base64(data[:whole], strict_mode=True)
        except Error as error:
            raise Malformed("base64", self._taken, "character or padding") from error
        self._taken += whole
        self._ended = data[:whole].endswith(b"=")
        return decoded

    def finish(self) -> None:
        """Say that there is no more.

        Raises:
            Malformed: the last group is not whole.
        """
        if self._left:
            raise Malformed("base64", self._taken, "length: the last group is cut")
