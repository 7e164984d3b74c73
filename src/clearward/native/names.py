"""The names of rules, read where they lie."""

from dataclasses import dataclass
from struct import Struct

from clearward.native.errors import BadImage
from clearward.native.span import Span

OFFSET = Struct("<Q")


@dataclass(frozen=True, slots=True)
class Names:
    """The table of names; what is in it is checked when it is looked up."""

    count: int
    _offsets: memoryview
    _blob: memoryview

    def name(self, rule: int) -> str:
        """Return the name of a rule, empty if it has none of its own.

        Raises:
            BadImage: what stands there is no name.
            IndexError: there is no such rule.
        """
        if not 0 <= rule < self.count:
            raise IndexError("no such rule")
        first, last = OFFSET.unpack_from(self._offsets, rule * OFFSET.size) + (
            OFFSET.unpack_from(self._offsets, (rule + 1) * OFFSET.size)
        )
        if not first <= last <= len(self._blob):
            raise BadImage("the names have a bad offset")
        try:
            return str(self._blob[first:last], "utf-8")
        except UnicodeDecodeError as error:
            raise BadImage("a name is not UTF-8") from error


def read_names(data: memoryview, count: int) -> Names:
    """Read the table of names without looking at them.

    Raises:
        BadImage: it is shorter than it says.
    """
    span = Span(data, "the names")
    offsets = span.take((count + 1) * OFFSET.size)
    return Names(count, offsets, span.take(span.left))
