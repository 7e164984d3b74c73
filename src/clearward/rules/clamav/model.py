"""What a signature of ClamAV means, apart from how it was written.

Modifiers are gone here: without regard to case is a mask, wide are zero bytes between,
a whole word are borders, "plain or wide" are two chains. What is left are few shapes,
which `rules.image` lays out for the matchers. Names of things: a *signature* has
*sub-signatures*; a body is a *chain* of *pieces* with *gaps* between them; a piece is a
row of *elements*.

Source: docs.clamav.net, "Signatures".
"""

from dataclasses import dataclass

from clearward.native.layout import Border, Condition, Where

ANYTHING = None  # as the most of a gap: no limit


@dataclass(frozen=True, slots=True)
class Bytes:
    """These bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Masked:
    """As many bytes as there are masks, each of which is its value under its mask."""

    values: bytes
    masks: bytes


@dataclass(frozen=True, slots=True)
class Skip:
    """So many bytes of any value."""

    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several rows of elements; negated, none of them, and all of one length."""

    alternatives: tuple[tuple["Element", ...], ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A border of a kind at this place, or none if negated; it takes no byte."""

    kind: Border
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """One byte at a distance, seen from here; it takes no byte.

    Only the first or the last element of a piece: what lies between is no gap, and
    offsets and gaps are counted from the rest of the piece.

    Attributes:
        value, mask: the byte is the value under the mask.
        least, most: bytes between it and this place, at most 32.
        before: it stands before the piece, not behind it.
    """

    value: int
    mask: int
    least: int
    most: int
    before: bool


Element = Bytes | Masked | Skip | Choice | Edge | Near
Piece = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Pieces and what may lie between them.

    Attributes:
        pieces: at least one.
        gaps: least and most bytes between two pieces, one fewer than pieces; the most
            may be `ANYTHING`.
    """

    pieces: tuple[Piece, ...]
    gaps: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the first piece of a chain may begin.

    Attributes:
        where: what the offset counts from.
        offset: bytes from there; for `Where.END` and what is written as ``EP-n``, the
            bytes before it, so the place is subtracted for END and the offset negative
            for ENTRY.
        shift: the start may lie this many bytes later.
        section: for `Where.SECTION` and `Where.IN_SECTION`, counted from 0.
        group: for `Where.GROUP`.
    """

    where: Where = Where.ANYWHERE
    offset: int = 0
    shift: int = 0
    section: int = 0
    group: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes with gaps; a match of any of the chains counts."""

    chains: tuple[Chain, ...]
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, looked at once its trigger is true.

    Attributes:
        trigger: over the sub-signatures before it.
        pattern: as it was written, between the slashes.
        flags: letters, as they were written.
    """

    trigger: "Expression"
    pattern: str
    flags: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Compare:
    """A number at a distance from the first match of a sub-signature.

    Attributes:
        sub: number of that sub-signature.
        offset: bytes from the start of its first match, may be negative.
        form: ``h`` hexadecimal text, ``d`` decimal, ``i`` binary, ``a`` either text.
        little: byte order of a binary number.
        exact: text has to have the full length.
        length: bytes of the number.
        tests: operator (``<``, ``>`` or ``=``) and value; one or two, and all hold.
    """

    sub: int
    offset: int
    form: str
    little: bool
    exact: bool
    length: int
    tests: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """After a match of the sub-signature before it, one of the group further on."""

    group: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture whose perceptual hash is this one, give or take `distance` bits."""

    hash: bytes
    distance: int = 0


Sub = Body | Regex | Compare | Macro | Image


@dataclass(frozen=True, slots=True)
class Term:
    """A sub-signature matched."""

    sub: int


@dataclass(frozen=True, slots=True)
class Count:
    """The count of a sub-signature, compared by ``=``, ``<`` or ``>``."""

    sub: int
    operator: str
    value: int


@dataclass(frozen=True, slots=True)
class Both:
    """Left and right hold."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Either:
    """Left or right holds."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Group:
    """The counts within add up to a sum, of so many different sub-signatures at least.

    Attributes:
        inner: what is in the bracket.
        operator: ``=``, ``<`` or ``>``.
        total: compared with the sum of counts.
        different: sub-signatures that have to take part; 0 if not asked.
    """

    inner: "Expression"
    operator: str
    total: int
    different: int = 0


Expression = Term | Count | Both | Either | Group


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition on the part; see `layout.Condition` for its values."""

    kind: Condition
    values: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # of types or icon groups, for those that have names


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature that looks at bytes (.ndb, .ldb and theirs).

    Attributes:
        name: as in the database.
        target: ClamAV's number of what it is for.
        subs: at most 64.
        expression: over `subs`.
        demands: what must hold for the part.
        handler: a type as which the part is scanned again; then it is no alert.
        unwanted: of a kind that is off unless asked for.
        line: in its source, counted from 1.
    """

    name: str
    target: int
    subs: tuple[Sub, ...]
    expression: Expression
    demands: tuple[Demand, ...] = ()
    handler: str = ""
    unwanted: bool = False
    line: int = 0
