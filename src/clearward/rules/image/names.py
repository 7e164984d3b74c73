"""The name table of the image: rule numbers in, names out."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from clearward.rules.image.words import little


class Names:
    """Names one after the other, in the order of rule numbers."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._ends = array("Q", [0])
        self._blob = bytearray()
        self.extend([encode_name(name) for name in names])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def extend(self, names: Sequence[bytes]) -> None:
        """Append the names of the next rules, in UTF-8."""
        ends = accumulate(map(len, names), initial=len(self._blob))
        next(ends)
        self._ends.extend(ends)
        self._blob += b"".join(names)

    def encode(self) -> list[bytes | bytearray]:
        """Return the section: offsets, then the names. It grows no more after this."""
        return [little(self._ends), self._blob]


def encode_name(name: str) -> bytes:
    """Return a name as it stands in the table."""
    return name.encode("utf-8", "backslashreplace")
