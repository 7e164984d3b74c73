"""The normalised views of a part, and the targets whose signatures look at each.

    kind      view      targets   what it is
    text      text      0, 7      lower case, one space at a time
    page      written   0, 3      the page in one form
              spoken    0, 3      without tags
              script    0, 3, 7   its scripts, if it has any
    encoded   those of a page that is nothing but the script, decoded
    mail      none      0, 4      look at the mail as it is; its bodies are parts

Signatures for target 0 also look at text as it is. Of a page, clamscan shows them the
views alone (tried with 1.4.6: they do not find upper-case letters of the page).
Data URLs of a page are parts: formats.unpack.html.

UTF-16, with a byte-order mark or without, is read as UTF-8 first; for text there is no
need. What a page says about its charset changes nothing, as in clamscan.
"""

from dataclasses import dataclass
from enum import Enum

from clearward.formats.normalise import html, script, text
from clearward.formats.normalise.chosen import NORMALISER

ANY, HTML, TEXT = 0, 3, 7  # numbers of ClamAV's targets

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_FRONT = 64  # bytes in which the first bracket of a page without a mark is looked for
_BLANK = b"\0\t\n\r "


class Kind(Enum):
    """What a part is, as far as its views go."""

    TEXT = "text"
    PAGE = "page"
    ENCODED = "encoded"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class View:
    """What some signatures look at in place of a part.

    Attributes:
        name: as in the table above.
        targets: whose signatures look at it.
        data: the bytes.
    """

    name: str
    targets: tuple[int, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Views:
    """All there is to look at in a part beside its bytes.

    Attributes:
        views: in the order of the table above.
        limited: a limit was met and something left out (`size-limit`).
    """

    views: tuple[View, ...] = ()
    limited: bool = False


def views(kind: Kind, data: bytes) -> Views:
    """Return the normalised views of a part.

    Never raises. Takes time in proportion to the data; what is beyond the limit of its
    kind is left out.
    """
    if kind is Kind.TEXT:
        view = View("text", (ANY, TEXT), NORMALISER.text(data[: text.LIMIT]))
        return Views((view,), limited=len(data) > text.LIMIT)
    if kind is Kind.PAGE:
        return _page(data)
    if kind is Kind.ENCODED:
        decoded = NORMALISER.encoded(data[: html.LIMIT])
        if decoded is None:
            return Views(limited=len(data) > html.LIMIT)
        return _page(b"<script>" + decoded.script + b"</script>" + decoded.after)
    return Views()


def _page(data: bytes) -> Views:
    page = NORMALISER.page(_as_bytes(data[: html.LIMIT]))
    seen = [
        View("written", (ANY, HTML), page.written),
        View("spoken", (ANY, HTML), page.spoken),
    ]
    left = script.LIMIT
    scripts: list[bytes] = []
    for one in page.scripts:
        scripts.append(b"<script>" + NORMALISER.script(one[:left]) + b"</script>")
        left = max(left - len(one), 0)
    if scripts:
        seen.append(View("script", (ANY, HTML, TEXT), b"\n".join(scripts)))
    too_much = sum(map(len, page.scripts)) > script.LIMIT
    limited = page.limited or too_much or len(data) > html.LIMIT
    return Views(tuple(seen), limited)


def _as_bytes(page: bytes) -> bytes:
    """Return a page of UTF-16 as UTF-8, any other as it is."""
    for mark, encoding in _MARKS:
        if page.startswith(mark):
            return _as_utf8(page[len(mark) :], encoding)
    front = page[:_FRONT].lstrip(_BLANK)
    start = page.find(b"<", 0, _FRONT)
    if not front.startswith(b"<") or start < 0:
        return page
    even = start - start % 2
    for pair, encoding in _STARTS:
        if page[even : even + 2] == pair:
            return _as_utf8(page, encoding)
    return page


def _as_utf8(page: bytes, encoding: str) -> bytes:
    return page.decode(encoding, "replace").encode("utf-8", "replace")
