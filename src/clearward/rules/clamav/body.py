"""The body of a signature: hexadecimal text with wildcards.

    aabb    these bytes             ??      any byte        a?  ?b  half of one
    *       any gap                 {n}     n bytes         {n-m}  {-m}  {n-}  a gap
    (aa|bb) alternatives            !(aa|bb)  none of them
    aa[n-m]bbcc   bbcc[n-m]aa       one byte, n to m bytes beside a piece
    (B) (L) (W)   !(B) !(L) !(W)    a border of a word, of a line, of what is not
                                    alphanumeric

Gaps split a body into pieces. ``{n}`` with n from 1 to 127 does not: it is n times
``??``; a most of 0 is no limit. In a wide body ``[n-m]`` is a gap, too. At an end of a
piece a border takes no byte; within it, and negated at its start, it takes one (tried
with clamscan 1.4.6). Every piece needs two adjacent bytes.

Source: docs.clamav.net, "Body-based Signature Content Format", and ENGINE.md.
"""

import re
from binascii import unhexlify

from clearward.native.layout import Border
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.form import PLAIN, Form
from clearward.rules.clamav.model import Bytes, Chain, Piece, Skip
from clearward.rules.clamav.row import Distance, Row

_MOST_GAP = 0x7FFFFFFF
_LEAST_GAP = 128  # a fixed gap of fewer bytes is part of the piece
_LEAST_BYTES = 2
_SHOWN = 12  # characters of a text that is wrong

# No element takes more than 60,000 bytes, so that its length fits the rule image.
_TOKEN = re.compile(
    r"""
    (?P<bytes>(?:[0-9a-fA-F]{2}){1,30000})
    | (?P<any>(?:\?\?){1,30000})
    | (?P<half>(?:[0-9a-fA-F]\?|\?[0-9a-fA-F]){1,30000})
    | (?P<border>!?\([BLW]\))
    | (?P<open>!?\()
    | (?P<bar>\|)
    | (?P<close>\))
    | (?P<star>\*)
    | \{(?P<gap>[0-9]{0,10}(?:-[0-9]{0,10})?)\}
    | \[(?P<near>[0-9]{1,10}(?:-[0-9]{0,10})?)\]
    """,
    re.VERBOSE,
).match
_hexadecimal = re.compile(r"(?:[0-9a-fA-F]{2}){2,30000}").fullmatch
_BORDERS = {
    "B": Border.WORD,
    "L": Border.LINE,
    "W": Border.NOT_ALPHANUMERIC,
}


def read_chain(text: str, form: Form = PLAIN) -> Chain:
    """Return what a body means in one form.

    Raises:
        Wrong: it is none that clamscan would take.
    """
    few = form.wide and len(text) == _LEAST_BYTES and text.isalnum()
    if not few and _hexadecimal(text) is None:
        return _Reading(text, form).chain()
    plain = form.plain(_bytes(text))
    if not form.whole:
        return Chain(((plain,),))
    edge = form.border(Border.NOT_ALPHANUMERIC, negated=False)
    return Chain(((edge, plain, edge),))


def read_chains(text: str, modifiers: str) -> tuple[Chain, ...]:
    """Return what a body means with modifiers: letters of ``iwfa``.

    Raises:
        Wrong: a modifier or the body is wrong.
    """
    if not modifiers:
        return (read_chain(text),)
    if not set(modifiers) <= set("iwfa"):
        raise Wrong("a modifier other than i, w, f and a")
    folded, whole = "i" in modifiers, "f" in modifiers
    wide = (False, True) if "a" in modifiers else (True,)
    if "w" not in modifiers:
        wide = (False,)
    return tuple(read_chain(text, Form(one, folded, whole)) for one in wide)


def is_plain(chain: Chain) -> bool:
    """Say whether a chain is nothing but bytes."""
    return len(chain.pieces) == 1 and all(
        isinstance(one, Bytes) for one in chain.pieces[0]
    )


class _Reading:
    """One pass over the text of a body."""

    def __init__(self, text: str, form: Form) -> None:
        self._text = text
        self._form = form
        self._row = Row(form)
        self._pieces: list[Piece] = []
        self._gaps: list[tuple[int, int | None]] = []

    def chain(self) -> Chain:
        """Read all of it."""
        text, place = self._text, 0
        self._border_of_whole()
        while place < len(text):
            found = _TOKEN(text, place)
            if found is None or found.lastgroup is None:
                shown = text[place : place + _SHOWN]
                raise Wrong(f"not part of a body: {shown!r}")
            self._take(found.lastgroup, found[found.lastgroup])
            place = found.end()
        self._border_of_whole()
        self._pieces.append(self._row.finish())
        return Chain(tuple(self._pieces), tuple(self._gaps))

    def _border_of_whole(self) -> None:
        """Add the border before the first and behind the last piece of a whole word.

        It stands outermost, so that a border which is written there lies within, and
        there is none that clamscan would know of behind a byte beside the piece.
        """
        if self._form.whole:
            if self._row.nested:
                raise Wrong("( without )")
            self._row.add(self._form.border(Border.NOT_ALPHANUMERIC, negated=False))

    def _take(self, kind: str, text: str) -> None:
        row, form = self._row, self._form
        if kind == "bytes":
            row.add(form.plain(unhexlify(text)))
        elif kind == "any":
            row.add(form.anything(len(text) // 2))
        elif kind == "half":
            row.add(form.halves(text))
        elif kind == "star":
            self._gap(0, None)
        elif kind == "gap" or (kind == "near" and form.wide):
            self._braces(text)
        else:
            self._take_rare(kind, text)

    def _take_rare(self, kind: str, text: str) -> None:
        row = self._row
        if kind == "open":
            row.open(negated=text[0] == "!")
        elif kind == "bar":
            row.bar()
        elif kind == "close":
            row.close()
        elif kind == "border":
            border = _BORDERS[text[-2]]
            row.add(self._form.border(border, negated=text[0] == "!"))
        else:
            least, _, most = text.partition("-")
            row.add(Distance(int(least), int(most or least)))

    def _braces(self, text: str) -> None:
        least, dash, most = text.partition("-")
        low, high = int(least or 0), int(most or 0)
        if max(low, high) > _MOST_GAP:
            raise Wrong(f"a gap of more than {_MOST_GAP} bytes")
        if not dash and 0 < low < _LEAST_GAP:
            self._row.add(Skip(low))
        elif not dash and low:
            self._gap(low, low)
        elif high and high < low:
            raise Wrong("a gap whose most is below its least: it never matches")
        else:
            self._gap(low, high or None)

    def _gap(self, least: int, most: int | None) -> None:
        if self._row.nested:
            raise Wrong("a gap among alternatives")
        self._pieces.append(self._row.finish())
        self._gaps.append((least, most))


def _bytes(text: str) -> bytes:
    try:
        return unhexlify(text)
    except ValueError:
        raise Wrong("not hexadecimal") from None
