"""The client's side of a delivery by SMTP, without a socket.

Source: RFC 5321; the replies in section 4.2.1, the dot at a line's start in 4.5.2.
"""

import re
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import NotAble

MOST_LINE = 4096  # bytes; the RFC asks for 512
MOST_LINES = 100
_LINE = re.compile(rb"([2-5][0-9]{2})([ -]|$)(.*)", re.DOTALL)
_MAILBOX = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says.

    Attributes:
        code: from 200 to 599.
        text: all of its lines.
    """

    code: int
    text: str

    @property
    def kind(self) -> int:
        """2 for yes, 3 for go on, 4 for later, 5 for no."""
        return self.code // 100


class Replies:
    """Turn received bytes into replies."""

    def __init__(self) -> None:
        self._buffer = b""
        self._lines: list[bytes] = []

    def receive(self, data: bytes) -> list[Reply]:
        """Take bytes as they arrived, however split; return whole replies.

        Raises:
            NotAble: what came is no reply.
        """
        found = []
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            reply = self._line(line.removesuffix(b"\r"))
            if reply is not None:
                found.append(reply)
        if len(self._buffer) > MOST_LINE:
            raise NotAble("the mail server sent a line without an end")
        return found

    def _line(self, line: bytes) -> Reply | None:
        match = _LINE.fullmatch(line)
        if match is None or len(line) > MOST_LINE or len(self._lines) > MOST_LINES:
            raise NotAble("the mail server said what is no reply of SMTP")
        self._lines.append(match[3])
        if match[2] == b"-":
            return None
        text = b" ".join(self._lines).decode("utf-8", errors="backslashreplace")
        self._lines = []
        return Reply(int(match[1]), text)


def mailbox(text: str) -> str:
    """Return an address that can stand between ``<`` and ``>``.

    Raises:
        Refused: it cannot.
    """
    if not _MAILBOX.fullmatch(text):
        raise Refused(f"{text!r} is no mail address")
    return text


def stuffed(message: bytes) -> bytes:
    """Return a message as it is sent, with its end."""
    lines = message.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." * line.startswith(b".") + line for line in lines) + (
        b"\r\n.\r\n"
    )
