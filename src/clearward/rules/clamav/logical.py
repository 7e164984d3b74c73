"""Logical signatures: ldb and ldu.

    name;target description;expression;sub 0;sub 1;...

A sub-signature is one of `special`, or a body with what belongs to it:

    [offset:]body[::modifiers]

There are as many as the greatest number in the expression says, at most 64.

Source: docs.clamav.net, "Logical signatures", and ENGINE.md.
"""

from functools import lru_cache

from clearward.native.layout import MOST_SUBS
from clearward.rules.clamav.body import read_chains
from clearward.rules.clamav.description import read_description
from clearward.rules.clamav.expression import read_expression
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.fields import name
from clearward.rules.clamav.model import Body, Expression, Signature, Sub
from clearward.rules.clamav.place import ANYWHERE, read_place
from clearward.rules.clamav.special import (
    read_compare,
    read_image,
    read_macro,
    read_regex,
)

_FIRST_SUB = 3  # field, counted from 0
_SPECIAL = frozenset("/#$")
_SHORT = 256  # characters of an expression that is kept, since many lines have the same
_read_known = lru_cache(maxsize=1024)(read_expression)


def read_logical(line: str, number_of_line: int, *, unwanted: bool) -> Signature:
    """Return what a line of an ldb or ldu file says.

    Raises:
        LeftOut: it is not meant for this program.
        Wrong: it is no such line.
    """
    fields = line.split(";", _FIRST_SUB + MOST_SUBS)
    if len(fields) <= _FIRST_SUB:
        raise Wrong(f"{len(fields)} fields, not {_FIRST_SUB + 1} or more")
    title = name(fields[0])
    description = read_description(fields[1])
    expression, subs = _expression(fields[2])
    texts = fields[_FIRST_SUB:]
    if len(texts) != subs:
        raise Wrong(f"{len(texts)} sub-signatures, but {subs} in the expression", 3)
    return Signature(
        title,
        description.target,
        tuple(_sub(texts, place, description.target) for place in range(subs)),
        expression,
        description.demands,
        description.handler,
        unwanted,
        number_of_line,
    )


def _expression(text: str) -> tuple[Expression, int]:
    try:
        read = _read_known if len(text) <= _SHORT else read_expression
        expression, greatest = read(text)
    except Wrong as wrong:
        raise Wrong(str(wrong), _FIRST_SUB) from None
    return expression, greatest + 1


def _sub(texts: list[str], place: int, target: int) -> Sub:
    text = texts[place]
    try:
        if _SPECIAL.isdisjoint(text):
            return _body(text, target)
        return _special(text, place, len(texts), target)
    except Wrong as wrong:
        raise Wrong(f"sub-signature {place}: {wrong}", place + _FIRST_SUB + 1) from None


def _special(text: str, place: int, subs: int, target: int) -> Sub:
    if text[0] == "$":
        return read_macro(text, place)
    if "/" in text:
        return read_regex(text, place, target)
    if text.startswith("fuzzy_img#"):
        return read_image(text)
    if "(" in text and "#" in text:
        return read_compare(text, subs)
    return _body(text, target)


def _body(text: str, target: int) -> Body:
    if ":" not in text:
        return Body(read_chains(text, ""))
    rest, _, modifiers = text.partition("::")
    if "::" in modifiers:  # as clamscan 1.4.6 reads it: the body up to there, plain
        modifiers = ""
    offset, colon, body = rest.rpartition(":")
    where = read_place(offset, target) if colon else ANYWHERE
    return Body(read_chains(body, modifiers), where)
