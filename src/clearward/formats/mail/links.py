"""The links of an HTML page: where each leads, and what it shows.

    <a href=REAL>SHOWN</a>             text without its tags, up to the next link
    <a href=REAL title=SHOWN>
    <a href=REAL><img src=SHOWN></a>
    <form action=REAL> .. <a href=SHOWN> or <img src=SHOWN> .. </form>

Which of them count, and that the first of two attributes does, is what clamscan 1.4.6
says of mails made for the question; comments and scripts are passed over. Entities are
decoded, which clamscan does in addresses alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

MOST_LINKS = 4096  # of one page
MOST_TEXT = 4096  # bytes of what a link shows

_TOKEN = re.compile(
    rb"<(?:(?P<comment>!--)|(?P<script>script)(?=[\s/>])"
    rb"|(?P<close>/?)(?P<name>a|form|img)(?=[\s/>])|[a-z/!?])",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"""(?<![^\s"'/>=])([^\s=>"'/]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']*+))"""
)
_QUOTED = re.compile(rb"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_SCRIPT_END = re.compile(rb"</script", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link; a character for each byte.

    Attributes:
        real: where it leads.
        shown: what it shows.
    """

    real: str
    shown: str


class Page:
    """Reads the links of a page, once.

    Args:
        data: the page; of an encoding whose ASCII is ASCII.

    Attributes:
        limited: there were more than `MOST_LINKS`.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._real = b""
        self._text: bytearray | None = None  # of the link that is open
        self._action = b""
        self._quotes = True  # those of tags come in pairs, as far as was seen
        self.limited = False

    def links(self) -> list[Link]:
        """Return the links, in the order of the page."""
        found: list[Link] = []
        for real, shown in self._pairs():
            if len(found) == MOST_LINKS:
                self.limited = True
                break
            if real and shown.strip():
                found.append(Link(_decoded(real), _decoded(shown)))
        return found

    def _pairs(self) -> Iterator[tuple[bytes, bytes]]:
        place = 0
        data = self._data
        while token := _TOKEN.search(data, place):
            self._show(data[place : token.start()])
            place = self._behind(token)
            name = (token["name"] or b"").lower()
            if name and token["close"]:
                yield from self._close(name)
            elif name:
                yield from self._open(name, data[token.end() : place])
        self._show(data[place:])
        yield from self._close(b"a")

    def _show(self, text: bytes) -> None:
        if self._text is not None:
            self._text += text[: max(MOST_TEXT - len(self._text), 0)]

    def _behind(self, token: re.Match[bytes]) -> int:
        """Return the place behind a tag, a comment or a script."""
        data, end = self._data, token.end()
        if token["comment"]:
            found = data.find(b"-->", end)
            return found + 3 if found >= 0 else len(data)
        if token["script"]:
            script = _SCRIPT_END.search(data, end)
            end = script.end() if script else len(data)
        if self._quotes and (tag := _QUOTED.match(data, end)):
            return tag.end()
        # Only once: else a page of open quotes is read to its end for each of them.
        self._quotes = False
        return data.find(b">", end) + 1 or len(data)

    def _close(self, name: bytes) -> Iterator[tuple[bytes, bytes]]:
        if name == b"a" and self._text is not None:
            yield self._real, bytes(self._text)
            self._text, self._real = None, b""
        elif name == b"form":
            self._action = b""

    def _open(self, name: bytes, inside: bytes) -> Iterator[tuple[bytes, bytes]]:
        values: dict[bytes, bytes] = {}
        for key, *quoted in _ATTRIBUTE.findall(inside):
            values.setdefault(key.lower(), b"".join(quoted))
        if name == b"form":
            self._action = values.get(b"action", b"")
        elif name == b"img":
            for real in (self._real, self._action):
                yield real, values.get(b"src", b"")
        elif b"href" in values:
            yield from self._close(b"a")
            self._real, self._text = values[b"href"], bytearray()
            yield self._real, values.get(b"title", b"")
            yield self._action, self._real


def links_of(data: bytes, *, wide: bool = False) -> tuple[list[Link], bool]:
    """Return the links of a page, and whether there are more.

    Args:
        data: the page.
        wide: it is UTF-16, of which only Latin letters matter.
    """
    if wide:
        order = "utf-16-be" if data[:2] == b"\xfe\xff" else "utf-16-le"
        data = data.decode(order, "replace").encode("latin-1", "replace")
    page = Page(data)
    return page.links(), page.limited


def _decoded(text: bytes) -> str:
    return unescape(text[:MOST_TEXT].decode("latin-1"))
