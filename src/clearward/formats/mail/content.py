"""Say what the Content fields of a header mean: all that any program makes of them.

Source: RFC 2045; RFC 2183; RFC 2231.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import chain

from clearward.core.part import Gap
from clearward.core.reasons import Reason
from clearward.formats.mail import values
from clearward.formats.mail.charsets import Decoder, decoders

Fields = Mapping[bytes, Sequence[bytes]]
Told = tuple[tuple[bytes, tuple[bytes, ...]], ...]

REMEMBERED = 64  # headers
MOST_REMEMBERED = 256  # bytes of one

_NO_WORD = b" \t\r\n\v\f\0\"'"


class Encoding(Enum):
    """A transfer encoding."""

    PLAIN = "7bit, 8bit or binary"
    BASE64 = "base64"
    QUOTED = "quoted-printable"
    UU = "x-uuencode"
    YENC = "x-yenc"
    UNKNOWN = "anything else"

    __hash__ = object.__hash__  # the one of Enum is slow

    @property
    def plain(self) -> bool:
        """The bytes stand as they are, or nobody knows better."""
        return self is Encoding.PLAIN or self is Encoding.UNKNOWN


# What a value holds anywhere, without white space and in lower case.
_ENCODINGS = (
    (re.compile(rb"base[-_]?64|b64"), Encoding.BASE64),
    (re.compile(rb"quoted|printable"), Encoding.QUOTED),
    (re.compile(rb"uu"), Encoding.UU),
    (re.compile(rb"yenc"), Encoding.YENC),
    (re.compile(rb"[78]-?_?bit|bin|none|plain|ascii|utf"), Encoding.PLAIN),
)

_ELSEWHERE = (
    (b"multipart/encrypted", Reason.ENCRYPTED),
    (b"message/partial", Reason.TRUNCATED),
    (b"message/external-body", Reason.UNSUPPORTED),
)
# Reports are text, not messages.
_MESSAGE = re.compile(rb"message/(?!delivery-|disposition-|tracking-|feedback-)")
_CMS = re.compile(rb"application/(?:x-)?pkcs7-mime")


@dataclass(frozen=True, slots=True)
class Content:
    """What a header says about the body behind it.

    Attributes:
        encodings: how the body may be encoded; never empty.
        boundaries: what may separate the sections of the body.
        charsets: decoders for text that needs a second view.
        name: the file name, raw; empty if none.
        message: the body is said to be a message.
        cms: the body is said to be encrypted or signed in CMS (S/MIME).
        gaps: what cannot be looked at, whatever the body is.
    """

    encodings: tuple[Encoding, ...] = (Encoding.PLAIN,)
    boundaries: tuple[bytes, ...] = ()
    charsets: tuple[Decoder, ...] = ()
    name: bytes = b""
    message: bool = False
    cms: bool = False
    gaps: tuple[Gap, ...] = ()

    @property
    def differs(self) -> bool:
        """The body reads differently once it is decoded."""
        return bool(self.charsets) or not all(one.plain for one in self.encodings)


NOTHING = Content()


def content_of(fields: Fields) -> Content:
    """Return what Content fields say.

    Args:
        fields: the values of each field by its name in lower case.
    """
    told = tuple((name, tuple(each)) for name, each in fields.items())
    if sum(len(each) for _, some in told for each in some) > MOST_REMEMBERED:
        return _content(told)
    return _remembered(told)


def _content(told: Told) -> Content:
    fields = dict(told)
    encodings = _encodings(fields.get(b"content-transfer-encoding", ()))
    types = _readings(fields.get(b"content-type", ()))
    dispositions = _readings(fields.get(b"content-disposition", ()))
    gaps = []
    if any(map(values.is_too_long, chain(*fields.values()))):
        gaps.append(Gap(Reason.SIZE_LIMIT))
    if not types and not dispositions:
        return Content(encodings, gaps=tuple(gaps))
    kinds = b"\n".join(reading.translate(None, _NO_WORD) for reading in types).lower()
    gaps += [Gap(reason) for what, reason in _ELSEWHERE if what in kinds]
    names = _parameters([*dispositions, *types], values.NAME)
    charsets = _parameters(types, values.CHARSET)
    return Content(
        encodings,
        boundaries=_parameters([*types, *dispositions], values.BOUNDARY),
        charsets=tuple(dict.fromkeys(chain(*map(decoders, charsets)))),
        name=names[0] if names else b"",
        message=_MESSAGE.search(kinds) is not None,
        cms=_CMS.search(kinds) is not None,
        gaps=tuple(gaps),
    )


# Most sections say the same few things: that they are text, or a page.
_remembered = lru_cache(REMEMBERED)(_content)


def _readings(found: Iterable[bytes]) -> list[bytes]:
    return list(dict.fromkeys(chain(*map(values.readings, found))))


def _parameters(found: list[bytes], pattern: re.Pattern[bytes]) -> tuple[bytes, ...]:
    each = (values.parameters(reading, pattern) for reading in found)
    return tuple(dict.fromkeys(chain(*each)))


def _encodings(found: Iterable[bytes]) -> tuple[Encoding, ...]:
    known: dict[Encoding, None] = {}
    for value in found:
        texts = (each.translate(None, _NO_WORD) for each in values.readings(value))
        text = b"\n".join(texts).lower().strip()
        those = [encoding for what, encoding in _ENCODINGS if what.search(text)]
        if text:
            known |= dict.fromkeys(those or [Encoding.UNKNOWN])
    return tuple(known) or (Encoding.PLAIN,)
