"""What containers say about their members, and the rules that ask about it (cdb).

A row of the list, null being "any":

    0   rule number
    1   ClamAV type of the container
    2   bytes of the container: least and most
    3   regular expression over the member's name, as `clamav.posix` has it
    4   bytes that the member takes in the container: least and most
    5   bytes of the member: least and most
    6   encrypted: true or false
    7   position: least and most

A checksum is not asked about: clamscan 1.4.6 does not either.

Source: docs.clamav.net, "Signatures based on container metadata".
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clearward.core.part import Member
from clearward.core.reasons import NONE, Reason
from clearward.native.errors import BadImage
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.posix import LONGEST, compile_posix
from clearward.rules.listing import Range, Row, read_rows

if TYPE_CHECKING:
    import regex

    from clearward.rules.clamav.listed import MemberSignature

FIELDS = 8
MOST_RULES = 100_000
SECONDS = 0.2  # for one expression on one name
_LONGEST_TYPE = 64


@dataclass(frozen=True, slots=True)
class Container:
    """What a member lies in.

    Attributes:
        types: ClamAV types that it may be called.
        size: in bytes; None if that is not known.
    """

    types: Collection[str]
    size: int | None


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    container: str | None
    container_size: Range | None
    pattern: "regex.Pattern[bytes] | None"
    packed: Range | None
    size: Range | None
    encrypted: bool | None
    position: Range | None

    def fits(self, around: Container, member: Member) -> bool:
        """Say whether all but the name is as the rule wants it."""
        return (
            (self.container is None or self.container in around.types)
            and (self.encrypted is None or self.encrypted is member.encrypted)
            and _within(member.packed, self.packed)
            and _within(member.size, self.size)
            and _within(member.position, self.position)
            and _within(around.size, self.container_size)
        )


class Members:
    """Rules about members.

    Args:
        data: the section, maybe empty.
        rules: every rule number is below this.

    Raises:
        BadImage: the section is not sound.
    """

    def __init__(self, data: bytes | memoryview, rules: int) -> None:
        compiled: dict[str, regex.Pattern[bytes]] = {}
        self._rules = [_read(row, rules, compiled) for row in read_rows(data, FIELDS)]
        if len(self._rules) > MOST_RULES:
            raise BadImage(f"{len(self._rules)} rules about members")

    def __len__(self) -> int:
        return len(self._rules)

    def match(
        self, around: Container, name: bytes, member: Member
    ) -> tuple[list[int], Reason]:
        """Return the numbers of the rules that fit, and why some are undecided."""
        found = []
        reasons = NONE
        for rule in self._candidates(around, member):
            try:
                if rule.pattern is None or rule.pattern.search(name, timeout=SECONDS):
                    found.append(rule.number)
            except TimeoutError:
                reasons |= Reason.TIME_LIMIT
        return found, reasons

    def _candidates(self, around: Container, member: Member) -> Iterator[_Rule]:
        return (rule for rule in self._rules if rule.fits(around, member))


def row_of(rule: int, signature: "MemberSignature") -> list[object]:
    """Return a signature as a row of the list."""
    return [
        rule,
        signature.container,
        signature.container_size,
        signature.pattern,
        signature.packed,
        signature.size,
        signature.encrypted,
        signature.position,
    ]


def _within(value: int | None, wanted: Range | None) -> bool:
    if wanted is None:
        return True
    return value is not None and wanted[0] <= value <= wanted[1]


def _read(row: Row, rules: int, compiled: dict[str, "regex.Pattern[bytes]"]) -> _Rule:
    pattern = None
    if not row.absent(3):
        text = row.text(3, LONGEST)
        try:
            pattern = compiled.get(text) or compile_posix(text)
        except Wrong as error:
            raise BadImage(f"a regular expression: {error}") from error
        compiled[text] = pattern
    return _Rule(
        number=row.number(0, rules - 1),
        container=None if row.absent(1) else row.text(1, _LONGEST_TYPE),
        container_size=row.range(2),
        pattern=pattern,
        packed=row.range(4),
        size=row.range(5),
        encrypted=None if row.absent(6) else row.flag(6),
        position=row.range(7),
    )
