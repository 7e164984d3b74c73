"""What an archive of rules may hold: its members, and limits for all of them together.

The archive comes from anybody, and what is read from it is what is compiled. So it is
read as strictly as it can be: where two programs might unpack different rules from the
same bytes, and where anything is damaged, the archive is refused as a whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from posixpath import normpath

from clearward.core.limits import MIB, Limits

MOST_MEMBERS = Limits().parts
MOST_TEXT = 256 * MIB  # bytes of rules
MOST_UNPACKED = 1024 * MIB  # bytes of all members, those that are passed over, too
# Text of rules takes a tenth of its size if packed, or more; a bomb a thousandth.
RATIO = 100
RATIO_FREE = 16 * MIB  # bytes that may come of whatever is packed
LONGEST_NAME = 1024  # bytes

_ENDINGS = (b".yar", b".yara")
_CONTROLS = bytes((*range(32), 127))


def names_rules(name: bytes) -> bool:
    """Say whether a member of this name holds YARA rules."""
    return name.lower().endswith(_ENDINGS)


class Unfit(ValueError):
    """An archive that cannot be used. The message says why; names in it may lie."""


@dataclass(frozen=True, slots=True)
class Member:
    """What an archive says that it holds.

    Attributes:
        name: as it is stored; untrusted.
        pieces: its content, to be taken before the next member is asked for.
        is_file: it is no folder, link or device; those have no content.
    """

    name: bytes
    pieces: Iterable[bytes] = ()
    is_file: bool = True


class Room:
    """Bytes that may still come of an archive.

    Args:
        packed: bytes of the archive.
    """

    def __init__(self, packed: int) -> None:
        self._most = max(RATIO * packed, RATIO_FREE)
        self._unpacked = 0

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield unpacked bytes for as long as there is room.

        Raises:
            Unfit: there is none left.
        """
        for piece in pieces:
            self._unpacked += len(piece)
            if self._unpacked > MOST_UNPACKED:
                raise Unfit(f"more than {MOST_UNPACKED:,} bytes unpacked")
            if self._unpacked > self._most:
                raise Unfit(f"more than {RATIO} times as long unpacked as packed")
            yield piece


@dataclass(frozen=True, slots=True)
class Taken:
    """What an archive holds.

    Attributes:
        rules: names and texts of its rule files, in the order of the names.
        others: how many other files there are.
    """

    rules: tuple[tuple[str, bytes], ...]
    others: int


def take(members: Iterable[Member], packed: int) -> Taken:
    """Take every member of an archive.

    Args:
        members: in any order.
        packed: bytes of the archive.

    Raises:
        Unfit: it goes beyond a limit, holds two files of one name, a link in place of
            rules, or no rules; or its reader says so.
    """
    taking = _Taking(Room(packed))
    for number, member in enumerate(members, 1):
        if number > MOST_MEMBERS:
            raise Unfit(f"more than {MOST_MEMBERS:,} members")
        taking.take(member)
    if not taking.rules:
        raise Unfit("an archive without a file that ends in .yar or .yara")
    rules = tuple((shown(name), text) for name, text in sorted(taking.rules.items()))
    return Taken(rules, taking.others)


def shown(name: bytes) -> str:
    """Return the name of a member for a message."""
    return name.decode("utf-8", errors="backslashreplace")


@dataclass(slots=True)
class _Taking:
    """What was taken so far."""

    room: Room
    rules: dict[bytes, bytes] = field(default_factory=dict)
    others: int = 0
    text: int = 0
    seen: set[str] = field(default_factory=set)

    def take(self, member: Member) -> None:
        if not 0 < len(member.name) <= LONGEST_NAME:
            raise Unfit(f"a name that is empty or longer than {LONGEST_NAME:,} bytes")
        if member.name.translate(None, _CONTROLS) != member.name:
            raise Unfit("a name with control characters")
        if not member.is_file:
            if names_rules(member.name):
                raise Unfit(f"{shown(member.name)}: a link or a device, not a file")
            return
        self._note(member.name)
        pieces = self.room.counted(member.pieces)
        if names_rules(member.name):
            self.rules[member.name] = b"".join(self._texts(pieces))
        else:
            self.others += 1
            for _ in pieces:
                pass

    def _texts(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.text += len(piece)
            if self.text > MOST_TEXT:
                raise Unfit(f"more than {MOST_TEXT:,} bytes of rules")
            yield piece

    def _note(self, name: bytes) -> None:
        """Refuse a file that would be written over another one."""
        place = normpath(shown(name))
        if place in self.seen:
            raise Unfit(f"{shown(name)}: two members of one name")
        self.seen.add(place)
