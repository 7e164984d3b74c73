"""The facts about a part as bytes, for native code (`layout.FACTS`)."""

from struct import Struct

from clearward.core.facts import Facts
from clearward.native.layout import FACTS, NOWHERE, OTHER_TYPE
from clearward.native.types import Types

PLACED = 1
TYPE = Struct("<H")
SECTION = Struct("<QQ")
VERSION = Struct("<Q")
OTHER = "CL_TYPE_OTHER"
MOST_NUMBER = (1 << 64) - 1
MOST_INTERMEDIATES = 0xFFFF


def pack_facts(facts: Facts, types: Types) -> bytes:
    """Return the facts as bytes.

    What cannot be a place in any part (an entry point, a section or a version string
    below 0 or above 64 bits) is left out or, of a section, made NOWHERE.

    Args:
        facts: about a part.
        types: of the image.
    """
    entry = NOWHERE if facts.entry is None else _place(facts.entry)
    inner = facts.intermediates[-MOST_INTERMEDIATES:]
    head = FACTS.pack(
        facts.size,
        entry,
        types.number(facts.container),
        len(inner),
        len(facts.sections),
        len(facts.versions),
        PLACED if facts.placed else 0,
    )
    return b"".join(
        (
            head,
            *(TYPE.pack(types.number(name)) for name in inner),
            *(SECTION.pack(_place(at), _length(raw)) for at, raw in facts.sections),
            *(VERSION.pack(_place(offset)) for offset in facts.versions),
        )
    )


def unpack_facts(data: bytes, types: Types) -> Facts:
    """Return facts from their bytes; a type that is not listed is called OTHER.

    Args:
        data: as `pack_facts` made them.
        types: of the image.

    Raises:
        ValueError: that is not what they are.
    """
    if len(data) < FACTS.size:
        raise ValueError("facts that end too early")
    size, entry, container, inner, sections, versions, flags = FACTS.unpack_from(data)
    at = FACTS.size + inner * TYPE.size
    behind = at + sections * SECTION.size
    if len(data) != behind + versions * VERSION.size or flags > PLACED:
        raise ValueError("facts of a wrong length")
    named = dict(enumerate(("", *types.names)))
    named[OTHER_TYPE] = OTHER
    inside = [number for (number,) in TYPE.iter_unpack(data[FACTS.size : at])]
    if not named.keys() >= {container, *inside}:
        raise ValueError("facts with a type that is not known")
    return Facts(
        size=size,
        entry=None if entry == NOWHERE else entry,
        sections=tuple(SECTION.iter_unpack(data[at:behind])),
        versions=tuple(number for (number,) in VERSION.iter_unpack(data[behind:])),
        container=named[container],
        intermediates=tuple(named[number] for number in inside),
        placed=bool(flags),
    )


def _place(offset: int) -> int:
    return offset if 0 <= offset < NOWHERE else NOWHERE


def _length(count: int) -> int:
    return min(max(count, 0), MOST_NUMBER)
