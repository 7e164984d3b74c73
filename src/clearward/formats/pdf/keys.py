"""Find what a PDF is encrypted with, wherever it says so.

    trailer << /Encrypt 12 0 R /ID [<31..> <32..>] >>

The words stand in a trailer or in the dictionary of a table, neither of which is ever
encrypted; they are looked for in all of the file, since a damaged one, or one that was
added to, may have several.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.formats.pdf.locks import Lock, opened
from clearward.formats.pdf.objects import Dictionary, String, read
from clearward.formats.pdf.sweep import Sweep

NEAR = 4096  # bytes of a value
MOST = 16
MOST_THERE = 64  # that stand where they are asked for, not somewhere else


def _spelled(word: bytes) -> bytes:
    """Return an expression for a name, each letter as it is or escaped."""
    return b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (each, each) for each in word)


ENCRYPT = re.compile(_spelled(b"Encrypt") + rb"(?![#0-9A-Za-z])")
REFERENCE = re.compile(rb"[\s\0]*+[0-9]{1,10}[\s\0]++[0-9]{1,5}[\s\0]++R\b")
IDENTIFIER = re.compile(_spelled(b"ID") + rb"[\s\0]*(?=\[)")


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a file.

    Attributes:
        locks: those that the empty password opens.
        closed: there is one that it does not open.
    """

    locks: tuple[Lock, ...]
    closed: bool


def keys(sweep: Sweep) -> Keys:
    """Try the empty password on everything that a file may be encrypted with."""
    seen: list[Dictionary] = []
    there = 0
    for found in ENCRYPT.finditer(sweep.data):
        # Each may go on for as long as one is read, over all that follow.
        there += REFERENCE.match(sweep.data, found.end()) is None
        end = min(found.end() + NEAR, len(sweep.data))
        said = read(sweep.data, found.end(), end, sweep.patience)
        for each in sweep.each(said):
            if isinstance(each, Dictionary) and each not in seen:
                seen.append(each)
        if len(seen) > MOST or there > MOST_THERE:
            break
    identifiers = tuple(dict.fromkeys(_identifiers(sweep.data))) if seen else ()
    locks: list[Lock] = []
    closed = len(seen) > MOST or there > MOST_THERE
    for encrypt in seen[:MOST]:
        tried = (opened(sweep, encrypt, each) for each in identifiers)
        lock = next((each for each in tried if each is not None), None)
        closed |= lock is None
        if lock is not None and lock not in locks:
            locks.append(lock)
    return Keys(tuple(locks), closed)


def _identifiers(data: bytes) -> Iterator[bytes]:
    for count, found in enumerate(IDENTIFIER.finditer(data)):
        value = read(data, found.end(), min(found.end() + NEAR, len(data)))
        if isinstance(value, list) and value and isinstance(value[0], String):
            yield bytes(value[0])
        if count > MOST:
            break
    yield b""
