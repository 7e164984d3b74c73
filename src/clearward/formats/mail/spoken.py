"""Words of a mail that may open what is attached to it.

They are only looked for when something locked is met: then the mail is taken apart once
more, and the front of each section that is text is read as it is, decoded, without the
tags and entities of a page. Words behind "password" and the like come first, then those
of the subject, then pieces of the names of attached files.
"""

import html
import re
from collections.abc import Callable, Iterator
from itertools import chain, islice

from clearward.core.errors import ClearwardError
from clearward.core.part import Item, Part
from clearward.core.reader import Reader
from clearward.formats import passwords
from clearward.formats.mail.values import readings

FRONT = 16 * 1024  # bytes of a section
MOST_SECTIONS = 64
MOST_TEXT = 256 * 1024  # bytes of all sections
MOST_NAMES = 16  # words of names, and as many of the subject
HEADER = 64 * 1024

_SUBJECT = re.compile(rb"(?im)^subject:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
_TAG = re.compile(r"<[^<>]{0,1000}>")
_WORD = re.compile(rb"[^\s\"'<>,;:()\[\]{}]{3,%d}" % passwords.LONGEST)
_PIECE = re.compile(rb"[^\s._\-+()\[\]{}]{3,%d}" % passwords.LONGEST)


class Spoken:
    """What a mail may say of passwords; it is read when first asked for.

    Args:
        message: all of it.
        items: takes it apart anew.
    """

    __slots__ = ("_items", "_message", "_words")

    def __init__(self, message: Reader, items: Callable[[], Iterator[Item]]) -> None:
        self._message = message
        self._items = items
        self._words: tuple[bytes, ...] | None = None

    def words(self) -> tuple[bytes, ...]:
        """Return words that are worth a try, the likeliest first."""
        if self._words is None:
            names: dict[bytes, None] = {}
            telling = dict.fromkeys(passwords.words(self._message.at(0, HEADER)))
            left = MOST_TEXT
            for part in self._parts():
                names |= dict.fromkeys(_PIECE.findall(part.name))
                if left > 0:
                    text = _front(part)
                    left -= len(text)
                    telling |= dict.fromkeys(passwords.words(_plain(text)))
            heard = islice(telling, passwords.MOST_WORDS)
            named = islice(names, MOST_NAMES)
            self._words = tuple(dict.fromkeys(chain(heard, self._subject(), named)))
        return self._words

    def _parts(self) -> Iterator[Part]:
        parts = (item for item in self._items() if isinstance(item, Part))
        return islice(parts, MOST_SECTIONS)

    def _subject(self) -> Iterator[bytes]:
        """Yield words of the subject; those behind a telling word come first."""
        found = _SUBJECT.search(self._message.at(0, HEADER))
        if found is not None:
            texts = readings(found[1])
            every = chain.from_iterable(map(_WORD.findall, texts))
            telling = chain.from_iterable(map(passwords.words, texts))
            yield from islice(chain(telling, every), MOST_NAMES)


def _front(part: Part) -> bytes:
    """The first bytes of a section if they are text, else nothing."""
    content = part.content
    try:
        if isinstance(content, Reader):
            front = content.at(0, FRONT)
        else:
            front = content.some(FRONT)
    except ClearwardError:
        return b""
    return b"" if b"\0" in front else front


def _plain(text: bytes) -> bytes:
    """A page without its tags and entities; other text as it is, mostly."""
    if b"<" not in text and b"&" not in text:
        return text
    page = text.decode("utf-8", "surrogateescape")
    plain = html.unescape(_TAG.sub(" ", page)).replace("\xa0", " ")
    return plain.encode("utf-8", "surrogateescape")
