"""Lists of digests: hdb hdu hsb hsu fp sfp (files), mdb mdu msb msu (sections), imp.

    digest:size:name[:least level[:most level]]     of files and of imports
    size:digest:name[:least level[:most level]]     of sections

A size of ``*`` is any; it needs a least level of 73 or more, but not in imp. The
length of the digest says which one it is: MD5, SHA-1 or SHA-256.

Source: docs.clamav.net, "File hash signatures"; tried with clamscan 1.4.6.
"""

from binascii import unhexlify
from dataclasses import dataclass

from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.fields import demand_level, level_of, name, number
from clearward.rules.clamav.listed import DigestSignature, Of

_SIZES = frozenset({16, 20, 32})
_MOST_SIZE = (1 << 63) - 1
ANY_SIZE_LEVEL = 73
_FEW_DIGITS = 18
_FIELDS = (3, 5)


@dataclass(frozen=True, slots=True)
class DigestReader:
    """Reads the lines of one kind of list.

    Attributes:
        of: what the digests are of.
        allows: a match is trusted.
        unwanted: the list is off unless asked for.
    """

    of: Of = Of.FILE
    allows: bool = False
    unwanted: bool = False

    def read(self, line: str, number_of_line: int) -> DigestSignature:
        """Return what a line says.

        Raises:
            LeftOut: it is for other versions.
            Wrong: it is no line of this kind.
        """
        fields = line.split(":", _FIELDS[1])
        count = len(fields)
        if not _FIELDS[0] <= count <= _FIELDS[1]:
            raise Wrong(f"{count} fields, not {_FIELDS[0]} to {_FIELDS[1]}")
        if count > _FIELDS[0]:
            demand_level(fields[3], fields[4] if count == _FIELDS[1] else None)
        swapped = self.of is Of.SECTION
        first, second = fields[0], fields[1]
        size = self._size(first if swapped else second, fields)
        return DigestSignature(
            name(fields[2], 3),
            _digest(second if swapped else first, 1 + swapped),
            size,
            self.of,
            self.allows,
            self.unwanted,
            number_of_line,
        )

    def _size(self, text: str, fields: list[str]) -> int | None:
        place = 1 if self.of is Of.SECTION else 2
        if text == "*":
            level = level_of(fields[3]) if len(fields) > _FIELDS[0] else 0
            if level < ANY_SIZE_LEVEL and self.of is not Of.IMPORTS:
                raise Wrong(
                    f"any size needs a level of {ANY_SIZE_LEVEL} or more", place
                )
            return None
        if text.isdecimal() and len(text) < _FEW_DIGITS:
            size = int(text)
        else:
            size = number(text.strip(" ").removeprefix("+"), "size", place)
        if not 0 < size <= _MOST_SIZE:
            raise Wrong("a size of 0, or too large", place)
        return size


def _digest(text: str, place: int) -> bytes:
    try:
        digest = unhexlify(text)
    except ValueError:
        digest = b""
    if len(digest) not in _SIZES:
        raise Wrong("not a digest of 32, 40 or 64 hexadecimal digits", place)
    return digest
