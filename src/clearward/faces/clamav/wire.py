"""The client's side of the clamd protocol, without a socket.

A command begins with ``z`` and ends with NUL, and so does each reply. A stream is sent
in chunks, each behind its length in 4 bytes, big-endian; a length of zero ends it. In a
session every reply has the number of its command in front.

    PATH: OK        PATH: NAME FOUND        PATH: TEXT ERROR

Source: clamd(8), and recorded conversations with clamd 1.4.6.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from clearward.core.errors import ClearwardError

CHUNK = 64 * 1024  # bytes of a stream that are sent at once
MOST_REPLY = 128 * 1024  # bytes; a path may have 4096 of them, and a name some hundred
_NUMBERED = re.compile(rb"([0-9]{1,18}): (.*)", re.DOTALL)


class Unclear(ClearwardError):
    """The server sent what is no reply of this protocol."""


class Meaning(Enum):
    """What a reply says."""

    CLEAN = "OK"
    FOUND = "FOUND"
    FAILED = "ERROR"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply about something scanned.

    Attributes:
        about: the path, ``stream`` or ``fd[N]``; empty if it is about nothing.
        meaning: what it says.
        text: the name of what was found, or what went wrong; empty for clean.
    """

    about: bytes
    meaning: Meaning
    text: bytes = b""


def command(words: bytes) -> bytes:
    """Return a command as it is sent.

    Raises:
        Unclear: it holds the NUL that would end it.
    """
    if b"\0" in words:
        raise Unclear("a command cannot hold a NUL")
    return b"z" + words + b"\0"


def chunk(data: bytes) -> bytes:
    """Return a piece of a stream as it is sent; an empty one ends the stream."""
    return len(data).to_bytes(4, "big") + data


def reply(line: bytes) -> Reply:
    """Read a reply, without the NUL behind it.

    Raises:
        Unclear: it is none about something scanned.
    """
    for meaning in Meaning:
        word = meaning.value.encode()
        if not line.endswith(word):
            continue
        said = line.removesuffix(word)
        if meaning is Meaning.CLEAN and said.endswith(b": "):
            return Reply(said[:-2], meaning)
        about, mark, text = said.rpartition(b": ")
        if meaning is Meaning.FOUND and mark and len(text) > 1 and text[-1:] == b" ":
            return Reply(about, meaning, text[:-1])
        if meaning is Meaning.FAILED and text[-1:] == b" ":
            return Reply(about, meaning, text[:-1])
    raise Unclear("no reply about something scanned")


def numbered(line: bytes) -> tuple[int, bytes]:
    """Return the number of the command that a reply in a session is to, and the rest.

    Raises:
        Unclear: there is none in front.
    """
    found = _NUMBERED.fullmatch(line)
    if found is None:
        raise Unclear("a reply without its number")
    return int(found[1]), found[2]


class Replies:
    """Turn received bytes into lines; feed it, and act on what it yields."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they arrived, however split, and yield whole lines.

        Raises:
            Unclear: a line that does not end.
        """
        self._buffer += data
        while (end := self._buffer.find(0)) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            yield line
        if len(self._buffer) > MOST_REPLY:
            raise Unclear("an overlong reply")

    def rest(self) -> bytes:
        """Return what came without an end; some servers end with a line feed."""
        return bytes(self._buffer)
