"""Signed notes: a text, and signatures in lines behind it.

    example.com/log
    15
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
                                                    an empty line
    — NAME base64(4 bytes of the key's number, signature)

The signatures of keys that are not known are passed over. A known key whose signature
is wrong makes the note a bad one.

Source: C2SP signed-note 1.0.0.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed
from clearward.updates import base64_text
from clearward.updates.keys import KEY_NUMBER_BYTES, is_name

MOST = 1 << 20  # bytes
MOST_SIGNATURES = 100
_DASH = "\N{EM DASH}"
_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Signature:
    """One line.

    Attributes:
        name: of the key.
        number: of the key, 4 bytes.
        data: what the kind of the key has there.
    """

    name: str
    number: bytes
    data: bytes

    def line(self) -> str:
        """Return it as it is written, with its end."""
        return f"{_DASH} {self.name} {base64_text.encode(self.number + self.data)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text with signatures.

    Attributes:
        text: what was signed, with the end of its last line.
        signatures: all there are.
    """

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Read one.

        Raises:
            Malformed: it is none.
        """
        if len(data) > MOST:
            raise Malformed("note", MOST, "length")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("note", error.start, "encoding") from error
        if any(ord(character) < ord(" ") for character in whole.replace("\n", "")):
            raise Malformed("note", 0, "character")
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or not text:
            raise Malformed("note", len(data), "signature: there is none")
        if not lines.endswith("\n"):
            raise Malformed("note", len(data), "end")
        return cls(text + "\n", tuple(_signatures(lines)))

    def by(self, wanted: Callable[[Signature], bool]) -> Iterator[Signature]:
        """Yield the signatures of some key."""
        return (one for one in self.signatures if wanted(one))

    def signed(self, *more: Signature) -> "Note":
        """Return it with more signatures; those that it has stay as they are."""
        new = tuple(one for one in more if one not in self.signatures)
        return Note(self.text, self.signatures + new)

    def to_bytes(self) -> bytes:
        """Return it as it is written."""
        lines = "".join(one.line() for one in self.signatures)
        return f"{self.text}\n{lines}".encode()


def _signatures(lines: str) -> Iterator[Signature]:
    split = lines[:-1].split("\n")
    if len(split) > MOST_SIGNATURES:
        raise Malformed("note", 0, "signature: too many")
    for line in split:
        fields = line.split(" ")
        if len(fields) != _FIELDS or fields[0] != _DASH or not is_name(fields[1]):
            raise Malformed("note", 0, "signature line")
        try:
            data = base64_text.decode(fields[2])
        except ValueError as error:
            raise Malformed("note", 0, "signature") from error
        if len(data) <= KEY_NUMBER_BYTES:
            raise Malformed("note", 0, "signature")
        number = data[:KEY_NUMBER_BYTES]
        yield Signature(fields[1], number, data[KEY_NUMBER_BYTES:])
