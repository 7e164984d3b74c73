"""Write mail, and read what is in it."""

import base64
import binascii

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import mail
from support.parts import contents, gaps

DATA = bytes(range(256)) * 3 + b"payload"
TEXT = base64.encodebytes(DATA)
HEADER = b"From: a@example.org\nTo: b@example.org\nSubject: c\nMIME-Version: 1.0\n"
ENCODED = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
MIXED = HEADER + b"Content-Type: multipart/mixed; boundary=X\n\n"
SECTION = b"--X\n" + ENCODED + b"\n" + TEXT
PLAIN = b"--X\nContent-Type: text/plain\n\ntext\n"


def opened(message: bytes) -> list[bytes]:
    return contents(mail.unpack(Reader.of(message)))


def opened_deep(message: bytes) -> list[bytes]:
    """The parts of a message, and those of every part that is mail again."""
    found: list[bytes] = []
    queue = [message]
    while queue:
        parts = opened(queue.pop())
        found += parts
        queue += [one for one in parts if mail.recognises(one, Reader.of(one))]
    return found


def said(message: bytes) -> list[Reason]:
    return gaps(mail.unpack(Reader.of(message)))


def uuencode(data: bytes) -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 a.bin\n" + b"".join(lines)
