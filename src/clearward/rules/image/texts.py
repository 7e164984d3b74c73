"""What programs refer to by number or place: types of ClamAV, and texts."""

from clearward.native.layout import OTHER_TYPE
from clearward.rules.image.unusable import Unusable

ANY = "CL_TYPE_ANY"  # what asks for it asks for none, or does not care
MOST_TYPES = OTHER_TYPE - 1
_LONGEST = 64  # characters of a type


class Types:
    """Names of types, numbered from 1 as they come; that of no type is 0."""

    def __init__(self) -> None:
        self._numbers = {"": 0, ANY: 0}

    def __len__(self) -> int:
        return len(self._numbers) - 2

    def number(self, name: str) -> int:
        """Return the number of a type.

        Raises:
            Unusable: it is no name of one, or they are too many.
        """
        number = self._numbers.get(name)
        if number is None:
            wrong = len(name) > _LONGEST or not name.isascii() or "\n" in name
            if wrong or len(self) == MOST_TYPES:
                raise Unusable("a type that has no name, or one too many")
            number = self._numbers[name] = len(self) + 1
        return number

    def encode(self) -> bytes:
        """Return the section of types."""
        names = list(self._numbers)[2:]
        return "".join(f"{name}\n" for name in names).encode("ascii")


class Texts:
    """Texts behind each other, equal ones once."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._places: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, text: str) -> tuple[int, int]:
        """Keep a text; return its offset and its length in bytes."""
        data = text.encode("utf-8", "backslashreplace")
        if data not in self._places:
            self._places[data] = len(self.data)
            self.data += data
        return self._places[data], len(data)
