"""Keys that sign notes, as they are written: a name, a number, a kind and the key.

    NAME+HEX+base64(1 byte of the kind, the public key)

where HEX is the number of the key: four bytes of SHA-256 over name, newline, kind and
key. A kind is an algorithm and what is signed with it.

Source: C2SP signed-note 1.0.0, "Verifier keys"; tlog-cosignature 1.1.0-rc.1.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from typing_extensions import override

from clearward.core.errors import Malformed
from clearward.updates import base64_text

KEY_NUMBER_BYTES = 4
_MOST_NAME = 255  # bytes: as many as a cosignature can say
_NUMBER = re.compile(r"[0-9a-f]{8}")


class Kind(IntEnum):
    """What a key signs, and how."""

    ED25519 = 1  # the text itself
    COSIGNATURE_ED25519 = 4  # the text with a time, by a witness
    COSIGNATURE_ML_DSA_44 = 6  # what a checkpoint says with a time, by a witness


_LENGTHS = {
    Kind.ED25519: 32,
    Kind.COSIGNATURE_ED25519: 32,
    Kind.COSIGNATURE_ML_DSA_44: 1312,
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures.

    Attributes:
        name: of who signs.
        kind: what is signed.
        data: the public key, raw.
    """

    name: str
    kind: Kind
    data: bytes

    def __post_init__(self) -> None:
        if not is_name(self.name) or len(self.name.encode()) > _MOST_NAME:
            raise Malformed("key", 0, "name")
        if len(self.data) != _LENGTHS[self.kind]:
            raise Malformed("key", 0, "length")

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read one.

        Raises:
            Malformed: it is none, or of a kind that is not known.
        """
        name, plus, rest = text.partition("+")
        number, second, coded = rest.partition("+")
        if not (plus and second and _NUMBER.fullmatch(number)):
            raise Malformed("key", 0, "form")
        try:
            data = base64_text.decode(coded)
            kind = Kind(data[0])
        except (ValueError, IndexError) as error:
            raise Malformed("key", 0, "kind") from error
        key = cls(name, kind, data[1:])
        if key.number.hex() != number:
            raise Malformed("key", 0, "number")
        return key

    @property
    def number(self) -> bytes:
        """Four bytes that stand in front of its signatures."""
        kind = bytes([self.kind])
        named = self.name.encode() + b"\n" + kind + self.data
        return hashlib.sha256(named).digest()[:KEY_NUMBER_BYTES]

    @override
    def __str__(self) -> str:
        coded = base64_text.encode(bytes([self.kind]) + self.data)
        return f"{self.name}+{self.number.hex()}+{coded}"


def is_name(text: str) -> bool:
    """Say whether a key may be called so."""
    return (
        bool(text) and "+" not in text and not any(map(str.isspace, text))
    ) and text.isprintable()
