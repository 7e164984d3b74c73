r"""Check what the keys of logs and witnesses have signed.

A witness signs with a time, in front of its signature as eight bytes. Ed25519 covers
the text of the note, ML-DSA-44 what it says:

    length  field
    12      "subtree/v1\n" and a zero
    1 + n   name of the witness
    8       time, seconds since 1970 UTC
    1 + n   origin of the log
    8, 8    first entry, which is 0, and size
    32      root

Numbers are big-endian. Source: C2SP tlog-cosignature 1.0.1 and 1.1.0-rc.1.
"""

import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from clearward.core.errors import ClearwardError, Malformed
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note

_TIME = struct.Struct(">Q")
_LATEST = (1 << 63) - 1


class Unsigned(ClearwardError):
    """A signature that is missing or wrong."""


def check(note: Note, key: PublicKey) -> int | None:
    """Check that a key has signed a note.

    Args:
        note: of a log that names its keys; for a witness, a checkpoint.
        key: of a log or of a witness.

    Returns:
        The time that a witness says, seconds since 1970 UTC; None for a log.

    Raises:
        Unsigned: it has not, or one of its signatures is wrong.
        Malformed: what a witness has signed is no checkpoint.
    """
    times = [
        _check(note, key, one.data)
        for one in note.by(lambda one: (one.name, one.number) == (key.name, key.number))
    ]
    if not times:
        raise Unsigned(f"not signed by {key.name}")
    return times[0]


def _check(note: Note, key: PublicKey, signature: bytes) -> int | None:
    time = None
    message = note.text.encode()
    try:
        if key.kind is not Kind.ED25519:
            (time,) = _TIME.unpack_from(signature)
            signature = signature[_TIME.size :]
            message = cosigned(note.text, key, time)
        if key.kind is Kind.COSIGNATURE_ML_DSA_44:
            MLDSA44PublicKey.from_public_bytes(key.data).verify(signature, message)
        else:
            Ed25519PublicKey.from_public_bytes(key.data).verify(signature, message)
    except (InvalidSignature, ValueError, struct.error) as error:
        raise Unsigned(f"a wrong signature of {key.name}") from error
    return time


def cosigned(text: str, key: PublicKey, time: int) -> bytes:
    """Return what a witness signs.

    Args:
        text: of a checkpoint.
        key: of the witness.
        time: seconds since 1970 UTC.

    Raises:
        Malformed: it is no checkpoint, or a time that is none.
    """
    checkpoint = Checkpoint.parse(text)
    if not 0 <= time <= _LATEST:
        raise Malformed("cosignature", 0, "time")
    if key.kind is Kind.COSIGNATURE_ED25519:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            _short(key.name),
            _TIME.pack(time),
            _short(checkpoint.origin),
            _TIME.pack(0),
            _TIME.pack(checkpoint.size),
            checkpoint.root,
        )
    )


def _short(text: str) -> bytes:
    """Return a text with its length in one byte."""
    data = text.encode()
    try:
        return bytes([len(data)]) + data
    except ValueError as error:
        raise Malformed("cosignature", 0, "name") from error
