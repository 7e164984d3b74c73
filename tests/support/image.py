"""Lay rule images out by hand, apart from the builder, to test who reads them.

Elements are made by `plain`, `masked`, `skip`, `choice`, `border` and `near`, pieces by
`piece`, bodies by `body` or, from the text that signatures have, by `support.notation`.
`sealed` puts sections behind a header; `image` does it for signatures. Sections with
tables come from `support.image_tables` and can be had here, too.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from clearward.native import layout
from clearward.native.layout import (
    Border,
    Condition,
    Element,
    Operation,
    Section,
    SubKind,
    Where,
)
from support import image_tables

ANYTHING = layout.UNBOUNDED
hash_set = image_tables.hash_set
names = image_tables.names
prefilter = image_tables.prefilter


@dataclass(frozen=True)
class Made:
    """An element: its code, and how many bytes it takes."""

    code: bytes
    least: int
    most: int
    plain: bytes = b""


def plain(data: bytes) -> Made:
    code = struct.pack("<BH", Element.BYTES, len(data)) + data
    return Made(code, len(data), len(data), data)


def masked(values: bytes, masks: bytes) -> Made:
    code = struct.pack("<BH", Element.MASKED, len(values)) + values + masks
    return Made(code, len(values), len(values))


def skip(count: int) -> Made:
    return Made(struct.pack("<BH", Element.ANY, count), count, count)


def choice(*rows: Sequence[Made], negated: bool = False) -> Made:
    code = struct.pack("<BBH", Element.CHOICE, negated, len(rows))
    for row in rows:
        inner = b"".join(one.code for one in row)
        code += struct.pack("<H", len(inner)) + inner
    least = min(sum(one.least for one in row) for row in rows)
    return Made(code, least, max(sum(one.most for one in row) for row in rows))


def border(kind: Border, *, negated: bool = False, within: bool = False) -> Made:
    code = struct.pack("<BBB", Element.BORDER, kind, negated)
    return Made(code, int(within), int(within))


def near(
    values: bytes, masks: bytes, distance: tuple[int, int], *, before: bool
) -> Made:
    head = struct.pack("<BBBBB", Element.NEAR, before, *distance, len(values))
    return Made(head + values + masks, 0, 0)


def piece(*elements: Made, gap: tuple[int, int] = (0, 0), keyed: bool = True) -> bytes:
    """Lay a piece out; its key is the first run of plain bytes at a fixed distance."""
    program = b"".join(one.code for one in elements)
    distance = offset = at = 0
    key = b""
    for one in elements if keyed else ():
        if one.plain:
            key, offset = one.plain, at + 3
            break
        if one.least != one.most:
            break
        distance += one.least
        at += len(one.code)
    if not key:
        distance = 0
    least = sum(one.least for one in elements)
    most = sum(one.most for one in elements)
    head = layout.PIECE.pack(
        *gap, len(program), least, most, distance, offset, len(key)
    )
    return head + program + bytes(-len(program) % 4)


def place(
    where: Where = Where.ANYWHERE,
    offset: int = 0,
    shift: int = 0,
    *,
    section: int = 0,
    group: int = 0,
) -> bytes:
    return layout.PLACE.pack(where, section, group, offset, shift)


def sub(kind: SubKind, payload: bytes) -> bytes:
    return layout.SUB.pack(kind, 0, len(payload)) + payload


def body(*chains: Sequence[bytes], at: bytes = place()) -> bytes:
    code = at + struct.pack("<HH", len(chains), 0)
    for chain in chains:
        code += struct.pack("<HH", len(chain), 0) + b"".join(chain)
    return sub(SubKind.BODY, code)


def compare(
    number: int,
    offset: int,
    form: str,
    length: int,
    *tests: tuple[str, int],
    exact: bool = False,
) -> bytes:
    """A byte compare; form is one letter and, if not ``d``, ``l`` or ``b``."""
    order = form[1:] or "b"
    code = layout.COMPARE.pack(
        number, ord(form[0]), ord(order), exact, len(tests), offset, length
    )
    for operator, value in tests:
        code += layout.COMPARISON.pack(ord(operator), value)
    return sub(SubKind.COMPARE, code)


def macro(group: int, least: int, most: int) -> bytes:
    return sub(SubKind.MACRO, layout.MACRO.pack(group, least, most))


def regex(trigger: bytes, length: int = 0, at: bytes = place()) -> bytes:
    code = at + layout.REGEX.pack(0, 0, length) + struct.pack("<H", len(trigger))
    return sub(SubKind.REGEX, code + trigger)


def picture(digest: bytes = bytes(8)) -> bytes:
    return sub(SubKind.IMAGE, layout.IMAGE.pack(digest, 0))


def term(number: int) -> bytes:
    return struct.pack("<BB", Operation.SUB, number)


def count(number: int, operator: str, value: int) -> bytes:
    return struct.pack("<BBBI", Operation.COUNT, number, ord(operator), value)


def both(left: bytes, right: bytes) -> bytes:
    return left + right + bytes([Operation.AND])


def either(left: bytes, right: bytes) -> bytes:
    return left + right + bytes([Operation.OR])


def group(inner: bytes, operator: str, total: int, different: int = 0) -> bytes:
    return inner + struct.pack(
        "<BBII", Operation.GROUP, ord(operator), total, different
    )


def demand(kind: Condition, *values: int) -> bytes:
    return struct.pack(f"<BB{len(values)}Q", kind, len(values), *values)


@dataclass(frozen=True)
class Sig:
    """A signature: its sub-signatures, an expression, conditions, and its record."""

    subs: Sequence[bytes]
    expression: bytes = term(0)
    demands: Sequence[bytes] = ()
    flags: int = 0
    target: int = 0
    handler: int = 0

    @property
    def program(self) -> bytes:
        end = struct.pack("<H", len(self.expression)) + self.expression
        return b"".join((*self.demands, b"\0", *self.subs, end))


Laid = tuple[bytes, int]  # the bytes of a section, and its count
Key = TypeVar("Key", bound=tuple[int, int])  # kind and number of a section


def sealed(sections: Mapping[Key, Laid], rules: int = 0) -> bytes:
    """Put sections behind a header and a table."""
    ordered = sorted(sections.items())
    table = b""
    content = b""
    start = layout.HEADER.size + layout.SECTION.size * len(ordered)
    for (kind, which), (data, number) in ordered:
        content += bytes(-(start + len(content)) % layout.ALIGNMENT)
        at = start + len(content)
        table += layout.SECTION.pack(kind, which, at, len(data), number)
        content += data
    length = start + len(content)
    head = layout.HEADER.pack(
        layout.MAGIC, layout.VERSION, len(ordered), length, rules, bytes(32)
    )
    return resealed(head + table + content)


def resealed(made: bytes) -> bytes:
    """Make the digest of an image right again."""
    digest = hashlib.sha256(made[:32] + bytes(32) + made[64:]).digest()
    return made[:32] + digest + made[64:]


def tables(*signatures: Sig) -> dict[tuple[int, int], Laid]:
    """The sections that hold signatures: the table, and the programs."""
    programs = b""
    records = b""
    for rule, one in enumerate(signatures):
        records += layout.SIGNATURE.pack(
            rule,
            one.flags,
            len(programs),
            len(one.program),
            one.target,
            len(one.subs),
            one.handler,
        )
        programs += one.program
    return {
        (Section.SIGNATURES, 0): (records, len(signatures)),
        (Section.PROGRAMS, 0): (programs, len(programs)),
    }


def image(
    *signatures: Sig,
    more: Mapping[Key, Laid] | None = None,
    always: bool = True,
) -> bytes:
    """An image of signatures, all of which always run in the partition of their target.

    Args:
        signatures: their rule numbers are their places.
        more: further sections.
        always: list them, so that they always run.
    """
    sections = tables(*signatures)
    for target in {one.target for one in signatures} if always else ():
        them = [at for at, one in enumerate(signatures) if one.target == target]
        listed = struct.pack(f"<{len(them)}I", *them)
        sections[Section.ALWAYS, target] = listed, len(them)
    for key, laid in (more or {}).items():
        sections[key] = laid
    return sealed(sections, rules=max(len(signatures), 64))
