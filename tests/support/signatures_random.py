"""Random signatures over few byte values, and parts that they often match."""

from hypothesis import strategies as st

from clearward.native.layout import Border, Where
from clearward.rules.clamav.model import (
    Body,
    Both,
    Bytes,
    Chain,
    Choice,
    Count,
    Edge,
    Either,
    Element,
    Expression,
    Group,
    Masked,
    Near,
    Piece,
    Place,
    Signature,
    Skip,
    Term,
)

BYTES = st.sampled_from(b"abAB\x00")
RUNS = st.lists(BYTES, min_size=1, max_size=9).map(bytes)
MASKS = st.sampled_from([0xFF, 0xDF, 0xF0, 0x0F, 0])


@st.composite
def masked(draw: st.DrawFn) -> Masked:
    """Draw bytes under masks."""
    pairs = draw(st.lists(st.tuples(BYTES, MASKS), min_size=1, max_size=6))
    return Masked(
        bytes([value & mask for value, mask in pairs]),
        bytes([mask for _, mask in pairs]),
    )


PLAIN = st.builds(Bytes, RUNS)
SIMPLE: st.SearchStrategy[Element] = st.one_of(
    PLAIN, PLAIN, masked(), st.builds(Skip, st.integers(1, 10))
)
WITHIN: st.SearchStrategy[Element] = st.recursive(
    SIMPLE,
    lambda inner: st.builds(
        Choice, st.lists(st.tuples(PLAIN, inner), min_size=1, max_size=4).map(tuple)
    ),
    max_leaves=5,
)
NEGATED: st.SearchStrategy[Element] = st.builds(
    Choice,
    st.lists(
        st.tuples(st.builds(Bytes, st.sampled_from([b"ab", b"AA"]))), min_size=1
    ).map(tuple),
    st.just(True),  # noqa: FBT003 - negated
)
EDGES: st.SearchStrategy[Element] = st.builds(
    Edge, st.sampled_from([Border.WORD, Border.LINE]), st.booleans()
)
AROUND: st.SearchStrategy[tuple[Element, ...]] = st.one_of(
    st.just(()),
    st.just(()),
    st.tuples(EDGES),
    st.tuples(
        st.builds(
            Near,
            BYTES,
            st.just(0xFF),
            st.just(0),
            st.integers(0, 5),
            st.booleans(),
        )
    ),
)


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    """Draw a piece that takes a byte."""
    middle = draw(st.lists(st.one_of(WITHIN, WITHIN, NEGATED, EDGES), max_size=3))
    return (*draw(AROUND), draw(PLAIN), *middle, draw(PLAIN), *draw(AROUND))


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Draw pieces with gaps."""
    row = tuple(draw(st.lists(pieces(), min_size=1, max_size=3)))
    gaps = tuple(
        (least, draw(st.sampled_from([None, least, least + 4])))
        for least in draw(
            st.lists(st.integers(0, 4), min_size=len(row) - 1, max_size=len(row) - 1)
        )
    )
    return Chain(row, gaps)


PLACES = st.one_of(
    st.just(Place()),
    st.builds(
        Place,
        st.sampled_from([Where.START, Where.END]),
        st.integers(0, 20),
        st.integers(0, 80),
    ),
)
BODIES = st.builds(Body, st.lists(chains(), min_size=1, max_size=2).map(tuple), PLACES)
OPERATORS = st.sampled_from("=<>")


def expressions(subs: int) -> st.SearchStrategy[Expression]:
    """Return expressions over so many sub-signatures."""
    numbers = st.integers(0, subs - 1)
    leaf: st.SearchStrategy[Expression] = st.one_of(
        st.builds(Term, numbers),
        st.builds(Count, numbers, OPERATORS, st.integers(0, 2)),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(Both, inner, inner),
            st.builds(Either, inner, inner),
            st.builds(Group, inner, OPERATORS, st.integers(0, 3), st.integers(0, 2)),
        ),
        max_leaves=5,
    )


@st.composite
def signatures(draw: st.DrawFn) -> Signature:
    """Draw a signature of the target 0."""
    subs = tuple(draw(st.lists(BODIES, min_size=1, max_size=3)))
    return Signature("Some", 0, subs, draw(expressions(len(subs))))


def _filled(element: Element, filler: int) -> bytes:
    """Return bytes that match an element, but for what stands around it."""
    if isinstance(element, Bytes):
        return element.data
    if isinstance(element, Masked):
        pairs = zip(element.values, element.masks, strict=True)
        return bytes([value | filler & ~mask & 0xFF for value, mask in pairs])
    if isinstance(element, Skip):
        return bytes([filler]) * element.count
    if isinstance(element, Choice):
        if element.negated:
            return bytes([filler]) * 2
        row = element.alternatives[filler % len(element.alternatives)]
        return b"".join([_filled(each, filler) for each in row])
    return b" " if isinstance(element, Edge) else b""


@st.composite
def parts(draw: st.DrawFn, signature: Signature) -> bytes:
    """Draw a part that is made of what a signature looks for."""
    rows = [
        (piece, least)
        for sub in signature.subs
        if isinstance(sub, Body)
        for chain in sub.chains
        for piece, (least, _) in zip(chain.pieces, ((0, 0), *chain.gaps), strict=True)
    ]
    data = b""
    for piece, least in rows:
        data += draw(st.binary(max_size=5)) if draw(st.booleans()) else bytes(least)
        filler = draw(st.integers(0, 255))
        if draw(st.integers(0, 5)):
            data += b"".join([_filled(element, filler) for element in piece])
    return data
