"""Turn a page or an XML document into its text, with the addresses that it links to.

Tags inside a word vanish, so that ``evil<b>.</b>com`` is what the reader sees; those of
blocks end the line. Scripts and styles are left out. It takes time linear in the page.
"""

import re
from html import unescape

_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|p|a|table|span|br|meta|ul|ol|h[1-6])[\s/>]",
    re.IGNORECASE,
)
_XML = re.compile(rb"\s*+<\?xml\s")
_OPENING = re.compile(r"<(script|style)(?=[\s>])", re.IGNORECASE)
_CLOSING = {
    name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")
}
_TAG = re.compile(r"<(/?[A-Za-z!?][^\s>/]*+)([^>]*+)>?")
_ADDRESS = re.compile(
    r"\b(?:href|src|action|target|cite)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {
        *("p", "div", "br", "hr", "pre", "blockquote", "title", "header", "footer"),
        *("section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "option"),
        *("ul", "ol", "li", "dt", "dd", "table", "tr"),
        *("w:p", "w:br", "a:p", "text:p", "text:h", "si", "row"),  # office documents
    }
)
_CELLS = frozenset({"td", "th", "w:tab", "w:tc", "c", "v"})
_LEADS = ("http", "ftp", "hxxp", "mailto:", "//")
_MOST_ADDRESSES = 64  # of one tag
FRONT = 4096  # bytes by which a page is told


def is_markup(front: bytes) -> bool:
    """Say whether a text that begins so is a page or an XML document."""
    return bool(_XML.match(front) or _PAGE.search(front, 0, FRONT))


def text_of(page: str) -> str:
    """Return what a page says, and where it leads, behind what it shows there."""
    return unescape(_TAG.sub(_spoken, _without_scripts(page)))


def _without_scripts(page: str) -> str:
    kept = []
    place = 0
    while opening := _OPENING.search(page, place):
        kept.append(page[place : opening.start()])
        closing = _CLOSING[opening[1].lower()].search(page, opening.end())
        if closing is None:
            return "".join(kept)
        place = closing.start()
    kept.append(page[place:])
    return "".join(kept)


def _spoken(tag: re.Match[str]) -> str:
    name = tag[1].lower().strip("/")
    said = "\n" * tag[0].count("\n")  # lines stay lines
    if "=" in tag[2]:
        for number, found in enumerate(_ADDRESS.finditer(tag[2])):
            address = found[1] or found[2] or found[3] or ""
            if address.lower().startswith(_LEADS):
                said += f" {address.removeprefix('mailto:')} "
            if number == _MOST_ADDRESSES:
                break
    if name in _BLOCKS:
        return f"{said}\n"
    return f"{said} " if name in _CELLS else said
