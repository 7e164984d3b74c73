"""Undo base64 and quoted-printable, as leniently as any mail program does.

Nothing here fails: what is no part of the encoding is passed over (base64) or kept
as it is (quoted-printable). Output comes as input does, never more at once.

Source: RFC 2045, sections 6.7 and 6.8.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from enum import Enum

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
JUNK = bytes(set(range(256)) - set(ALPHABET) - set(b"="))
PADDING = re.compile(rb"=+")
FILL = (b"", b"", b"AA", b"A")  # completes a group of which so many letters are there

SOFT_BREAK = re.compile(rb"=[ \t]*+(?:\r{0,2}\n|\r)")
UNFINISHED = re.compile(rb"=(?:[0-9A-Fa-f]?|[ \t]*\r{0,2})")
HOLD = 1024  # bytes of an unfinished escape that are kept for the next chunk, at most


class Padding(Enum):
    """What a reader of base64 makes of padding that is followed by more letters."""

    ENDS_A_GROUP = "what follows begins a new group"
    ENDS_ALL = "what follows is not read"
    IS_JUNK = "it is passed over like any other junk"


class Base64:
    """The decoded bytes of base64 text; iterate over it once.

    Args:
        chunks: the text, in pieces of any length.
        padding: what padding before the end means.

    Attributes:
        resumed: after the iteration: there were letters behind padding, so that
            readers of different minds get different bytes.
    """

    def __init__(
        self, chunks: Iterable[bytes], padding: Padding = Padding.ENDS_A_GROUP
    ) -> None:
        self._chunks = chunks
        self._junk = JUNK + b"=" if padding is Padding.IS_JUNK else JUNK
        self._only_first = padding is Padding.ENDS_ALL
        self._group = b""  # letters of a group that is not complete
        self._padded = False
        self.resumed = False

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            letters = chunk.translate(None, self._junk)
            output = self._runs(letters) if b"=" in letters else self._run(letters)
            if output:
                yield output
            if self._only_first and self._padded:
                return
        if output := self._flush():
            yield output

    def _runs(self, letters: bytes) -> bytes:
        """Decode runs of letters with padding between them."""
        runs = PADDING.split(letters)
        output: list[bytes] = []
        for run in runs[:-1]:
            output += (self._run(run), self._flush())
            self._padded = True
            if self._only_first:
                return b"".join(output)
        output.append(self._run(runs[-1]))
        return b"".join(output)

    def _run(self, letters: bytes) -> bytes:
        self.resumed |= self._padded and bool(letters)
        letters = self._group + letters
        whole = len(letters) & ~3
        self._group = letters[whole:]
        return binascii.a2b_base64(letters[:whole])

    def _flush(self) -> bytes:
        """Decode a group that was left incomplete; six bits alone are no byte."""
        group, self._group = self._group, b""
        fill = FILL[len(group)]
        return binascii.a2b_base64(group + fill)[: -len(fill)] if fill else b""


def quoted_printable(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the decoded bytes of quoted-printable text.

    White space behind the sign of a soft line break is passed over, an escape with
    wrong digits is kept.
    """
    held = b""
    for chunk in chunks:
        text = held + chunk
        cut = _finished(text)
        text, held = text[:cut], text[cut:]
        yield binascii.a2b_qp(SOFT_BREAK.sub(b"=\n", text))
    yield binascii.a2b_qp(SOFT_BREAK.sub(b"=\n", held))


def _finished(text: bytes) -> int:
    """Where an escape begins that the next chunk may complete."""
    sign = text.rfind(b"=", max(len(text) - HOLD, 0))
    if sign < 0 or UNFINISHED.fullmatch(text, sign) is None:
        return len(text)
    return sign
