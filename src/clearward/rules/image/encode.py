"""Signatures as programs.

The order of what is in one is that of `native.layout`, "PROGRAMS": conditions,
sub-signatures, expression.
"""

import struct
from dataclasses import dataclass

from clearward.native.layout import (
    COMPARE,
    COMPARISON,
    IMAGE,
    MACRO,
    MOST_GROUPS,
    MOST_OFFSET,
    MOST_SUBS,
    MOST_TEXT,
    PARTITIONS,
    REGEX,
    REGEX_LETTERS,
    SUB,
    UNBOUNDED,
    Condition,
    Flag,
    SubKind,
    Where,
)
from clearward.rules.clamav.model import (
    Body,
    Compare,
    Demand,
    Image,
    Macro,
    Regex,
    Signature,
    Sub,
)
from clearward.rules.image.elements import encode_body, encode_place
from clearward.rules.image.expressions import OPERATORS, encode_expression
from clearward.rules.image.frequencies import Frequencies
from clearward.rules.image.texts import Texts, Types
from clearward.rules.image.unusable import Unusable

TYPED = (Condition.CONTAINER, Condition.INTERMEDIATES)
FORMS = frozenset("hdia")
BINARY = frozenset({1, 2, 4, 8})
IMAGE_HASH = 8  # bytes
PAIR = range(2, 3)
LENGTHS = {
    Condition.FILE_SIZE: PAIR,
    Condition.ENTRY_POINT: PAIR,
    Condition.SECTIONS: PAIR,
    Condition.CONTAINER: range(1, 2),
    Condition.INTERMEDIATES: range(1, 17),
    Condition.ICONS: range(1, 3),
}
MOST_64 = (1 << 64) - 1

Subs = tuple[Sub, ...]

_DEFERRED = (Regex, Image)


@dataclass(frozen=True, slots=True)
class Encoder:
    """Turns signatures into programs.

    Attributes:
        frequencies: to choose the keys of pieces by.
        types: what the signatures name; it grows, too.
        texts: what programs refer to; it grows.
    """

    frequencies: Frequencies
    types: Types
    texts: Texts

    def encode(self, signature: Signature) -> bytes:
        """Return the program of a signature.

        Raises:
            Unusable: it does not fit the layout.
        """
        subs = signature.subs
        if not 0 < len(subs) <= MOST_SUBS:
            raise Unusable(f"{len(subs)} sub-signatures")
        if not 0 <= signature.target < PARTITIONS:
            raise Unusable(f"no such target: {signature.target}")
        try:
            parts = [self._demand(demand) for demand in signature.demands]
            parts.append(b"\0")
            for number, sub in enumerate(subs):
                kind, payload = self._sub(sub, number, subs)
                parts += (SUB.pack(kind, 0, len(payload)), payload)
            parts.append(encode_expression(signature.expression, len(subs)))
        except (struct.error, OverflowError) as error:
            raise Unusable("a number out of range") from error
        return b"".join(parts)

    def _demand(self, demand: Demand) -> bytes:
        values = [min(value, MOST_64) for value in demand.values]
        if demand.kind in TYPED:
            values += map(self.types.number, demand.names)
        elif demand.kind is Condition.ICONS:
            for offset, length in map(self.texts.add, demand.names):
                values.append(offset | length << 32)
        if len(values) not in LENGTHS[demand.kind]:
            raise Unusable(f"a condition with {len(values)} values")
        return struct.pack(f"<BB{len(values)}Q", demand.kind, len(values), *values)

    def _sub(self, sub: Sub, number: int, subs: Subs) -> tuple[int, bytes]:
        if isinstance(sub, Body):
            return SubKind.BODY, encode_body(sub, self.frequencies)
        if isinstance(sub, Regex):
            return SubKind.REGEX, self._regex(sub, number)
        if isinstance(sub, Compare):
            return SubKind.COMPARE, _compare(sub, number, subs)
        if isinstance(sub, Macro):
            return SubKind.MACRO, _macro(sub, number, subs)
        if len(sub.hash) != IMAGE_HASH:
            raise Unusable(f"a hash of {len(sub.hash)} bytes of a picture")
        return SubKind.IMAGE, IMAGE.pack(sub.hash, sub.distance)

    def _regex(self, sub: Regex, number: int) -> bytes:
        if sub.place.where is Where.GROUP:
            raise Unusable("a regular expression behind a macro")
        flags = 0
        for letter in sub.flags:
            if letter not in REGEX_LETTERS:
                raise Unusable("an unknown letter behind a regular expression")
            flags |= 1 << REGEX_LETTERS.index(letter)
        return (
            encode_place(sub.place)
            + REGEX.pack(flags, *self.texts.add(sub.pattern))
            + encode_expression(sub.trigger, number)
        )


def flags_of(signature: Signature) -> Flag:
    """Return the flags of a signature's record."""
    flags = Flag(0)
    if any(isinstance(sub, _DEFERRED) for sub in signature.subs) or any(
        demand.kind is Condition.ICONS for demand in signature.demands
    ):
        flags |= Flag.DEFERRED
    if signature.unwanted:
        flags |= Flag.UNWANTED
    return flags


def _macro(sub: Macro, number: int, subs: Subs) -> bytes:
    if number == 0 or not isinstance(subs[number - 1], Body | Macro):
        raise Unusable("a macro without a body before it")
    most = min(sub.most, UNBOUNDED)
    if not 0 <= sub.group < MOST_GROUPS or sub.least > most:
        raise Unusable("a macro that cannot be")
    return MACRO.pack(sub.group, sub.least, most)


def _compare(sub: Compare, number: int, subs: Subs) -> bytes:
    there = subs[sub.sub] if 0 <= sub.sub < len(subs) else None
    if not isinstance(there, Body | Macro) and (
        not isinstance(there, Regex) or sub.sub > number
    ):
        raise Unusable("a comparison with a sub-signature that has no place")
    lengths = BINARY if sub.form == "i" else range(1, MOST_TEXT + 1)
    if sub.form not in FORMS or sub.length not in lengths:
        raise Unusable("a comparison of an unknown form")
    if abs(sub.offset) > MOST_OFFSET or len(sub.tests) not in {1, 2}:
        raise Unusable("a comparison that cannot be")
    head = COMPARE.pack(
        sub.sub,
        ord(sub.form),
        ord("l" if sub.little else "b"),
        sub.exact,
        len(sub.tests),
        sub.offset,
        sub.length,
    )
    tests = [COMPARISON.pack(OPERATORS[sign], value) for sign, value in sub.tests]
    return head + b"".join(tests)
