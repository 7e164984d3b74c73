"""The table of signatures."""

from dataclasses import dataclass

from clearward.native.layout import MOST_SUBS, PARTITIONS, SIGNATURE, Flag
from clearward.native.span import Span, zero

USED = 24  # bytes of a record; the others are zero
KNOWN = Flag.DEFERRED | Flag.UNWANTED


@dataclass(frozen=True, slots=True)
class Signature:
    """One record.

    Attributes:
        rule: number of the rule that it is for.
        flags: about it.
        offset, length: of its program in PROGRAMS.
        target: ClamAV's number.
        subs: how many sub-signatures it has.
        handler: number of the type as which the part is scanned again, or 0.
    """

    rule: int
    flags: Flag
    offset: int
    length: int
    target: int
    subs: int
    handler: int


def read_signatures(
    data: memoryview, count: int, rules: int, types: int
) -> tuple[Signature, ...]:
    """Read the table, without the programs.

    Args:
        data: all of its section.
        count: of signatures.
        rules: rule numbers are below this.
        types: how many types the image lists.

    Raises:
        BadImage: it breaks the layout.
    """
    span = Span(data, "the table of signatures")
    span.check(count <= len(data) // SIGNATURE.size, "count")
    found = tuple(_signature(span, rules, types) for _ in range(count))
    span.done()
    return found


def _signature(span: Span, rules: int, types: int) -> Signature:
    record = span.take(SIGNATURE.size)
    rule, flags, offset, length, target, subs, handler = SIGNATURE.unpack(record)
    span.check(rule < rules, "rule number")
    span.check(flags <= KNOWN, "flags")
    span.check(target < PARTITIONS, "target")
    span.check(1 <= subs <= MOST_SUBS, "number of subs")
    span.check(handler <= types, "handler")
    span.check(zero(record[USED:]), "reserved bytes")
    return Signature(rule, Flag(flags), offset, length, target, subs, handler)
