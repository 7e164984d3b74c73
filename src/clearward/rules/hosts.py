r"""The hosts of a link: of the address that it leads to, and of the text it shows.

An address leads somewhere if it has one of a few schemes, or is a host with a known
ending. Its host is read as browsers do: up to the first of ``/ ? # \``, without what
stands before an ``@``, without a port, and then decoded.

What is shown is text: white space counts for nothing, but a host may begin behind it;
so it may behind a dot, a quote and a semicolon, of what was once an entity. What is
neither letter nor digit at its ends is not part of it. With ``://`` it begins there.

Source: what clamscan 1.4.6 says of mails made for the question.
"""

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

LONGEST = 4096  # characters of an address or a text; what is longer is cut there

_SCHEME = re.compile(r"(?:https?|ftp):[/\\]*")
_HOST = re.compile(r"[^/?#\\]*")
_BARE = re.compile(r"[a-z0-9_-][a-z0-9._-]*\.([a-z]{2,})(?=/|$)")
_CLOAK = re.compile(r"%0[01].")
_PORT = re.compile(r":[^\]]*\Z")
_FRONT = re.compile(r"[^0-9A-Za-z/\x80-\uffff]+")
_BACK = re.compile(r"[^0-9A-Za-z/]+\Z")
_SHOWN_END = re.compile(r"[/?:]")
_BLANK = re.compile(r"[\s\xa0]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]+")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u2060\ufeff]+")
_BORDERS = frozenset('.;"')
_CODE = re.compile("%([0-9A-Fa-f]{2})")
_SECURE = "https:"
_MAIL = "mailto:"

with open(f"{__file__.removesuffix('hosts.py')}domains.txt", encoding="ascii") as file:
    _GENERIC, *_OTHERS = (line for line in file if not line.startswith("#"))
COUNTRIES = frozenset(" ".join(_OTHERS).split())
ENDINGS = COUNTRIES | frozenset(_GENERIC.split())


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link leads.

    Attributes:
        host: in lower case.
        secure: by https.
        cloaked: the host holds a character that ends it for some programs.
    """

    host: str
    secure: bool
    cloaked: bool

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read an address; None if it leads to no host."""
        text = _CONTROLS.sub("", text[:LONGEST]).strip().lower()
        scheme = _SCHEME.match(text)
        if scheme is None:
            bare = _BARE.match(text)
            if bare is None or bare[1] not in ENDINGS:
                return None
        found = _HOST.match(text, scheme.end() if scheme else 0)
        whole = found[0] if found else ""
        host = _PORT.sub("", whole.rpartition("@")[2])
        host = _CONTROLS.sub("\x01", _decoded(host))
        secure = text.startswith(_SECURE)
        return cls(_BLANK.sub("", host).lower(), secure, bool(_CLOAK.search(whole)))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows.

    Attributes:
        host: in lower case, without white space.
        borders: where in it a host, or a label of one, may begin.
        words: where white space was, and 0.
        secure: it begins with ``https:``.
    """

    host: str
    borders: tuple[int, ...]
    words: tuple[int, ...]
    secure: bool

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read a text; None if it shows no host."""
        text = _decoded(text[:LONGEST].replace("\\", "/")).lower()
        text = _BACK.sub("", _BLANK.sub(" ", _UNSEEN.sub("", text)).strip())
        front = _FRONT.match(text)
        text = text[front.end() :] if front else text
        _, between, rest = text.partition("://")
        if between:
            host = rest.lstrip(" ")
        elif text.startswith(_MAIL):
            host = text.removeprefix(_MAIL)
        else:
            host = text
        host = _SHOWN_END.split(host, maxsplit=1)[0]
        plain = not between and not text.startswith(_MAIL)
        if plain and ("@" in host or text.startswith(host + ":")):
            return None
        host = host.rpartition("@")[2].strip(" ")
        if not host:
            return None
        pieces = host.split(" ")
        words = {0, *accumulate(map(len, pieces[:-1]))}
        compact = "".join(pieces)
        borders = {at for at, one in enumerate(compact[:-1], 1) if one in _BORDERS}
        return cls(
            compact,
            tuple(sorted(words | borders)),
            tuple(sorted(words)),
            text.startswith(_SECURE),
        )


def _decoded(text: str) -> str:
    return _CODE.sub(lambda found: chr(int(found[1], 16)), text)


def domain(host: str) -> str:
    """Return the part of a host that one owner has: ``example.co.uk``."""
    labels = host.rsplit(".", 3)
    two = labels[-1] in COUNTRIES and len(labels) > 2 and labels[-2] in ENDINGS  # noqa: PLR2004 - name, ending, country
    return ".".join(labels[-3:] if two else labels[-2:])
