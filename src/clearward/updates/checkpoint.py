"""What a log says of itself: its name, how many entries it has, and the root of them.

    example.com/log
    15
    base64 of the root
    lines that a log may add

Source: C2SP tlog-checkpoint 1.0.0.
"""

import re
from dataclasses import dataclass

from typing_extensions import override

from clearward.core.errors import Malformed
from clearward.updates import base64_text
from clearward.updates.tree import EMPTY, HASH_BYTES, LARGEST

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    Attributes:
        origin: name of the log.
        size: entries.
        root: 32 bytes over all of them.
        more: further lines.
    """

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note.

        Raises:
            Malformed: it is no checkpoint.
        """
        lines = text.split("\n")
        if lines.pop() or len(lines) < _LINES or not all(lines):
            raise Malformed("checkpoint", 0, "lines")
        origin, size, root, *more = lines
        if not _SIZE.fullmatch(size) or int(size) > LARGEST:
            raise Malformed("checkpoint", 0, "size")
        try:
            decoded = base64_text.decode(root)
        except ValueError as error:
            raise Malformed("checkpoint", 0, "root") from error
        found = cls(origin, int(size), decoded, tuple(more))
        if len(decoded) != HASH_BYTES or (not found.size and decoded != EMPTY):
            raise Malformed("checkpoint", 0, "root")
        return found

    @override
    def __str__(self) -> str:
        root = base64_text.encode(self.root)
        lines = (self.origin, str(self.size), root, *self.more)
        return "".join(f"{line}\n" for line in lines)
