"""Encoded blobs in a text, decoded: base64, hexadecimal, lists of numbers, escapes.

What decodes to nothing that is worth a look is passed over: a blob is text, of either
width, the front of a known file, deflated data, or so long that it is no word. Letters
that stand in several strings or lines, one behind the other, are one blob.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from clearward.core.reader import CHUNK
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.signs import APART, Signs
from clearward.formats.scripts.lists import lists

TRIAL = 4096  # bytes that are looked at to judge
LEAST = 8  # bytes of a blob
LONG = 96  # bytes of one that is neither text nor known
TEXT_SHARE = 0.9
_SHORT = re.compile(rb"[\"']([A-Za-z0-9+/]{12,400}+={0,2})[\"']")

_GLUE = re.compile(
    rb"={0,2}(?:[\"'\s+&_,\\.]{1,24}|(?:&#x?0{0,4}[ad13]{1,2};){1,4}|(?:\\[rn]){1,4})"
    rb"(?=[A-Za-z0-9+/]{4})",
    re.IGNORECASE,
)
BARE = re.compile(rb"(?:\xef\xbb\xbf)?[A-Za-z0-9+/\s]{16,}+={0,2}\s*+\Z")
MOST_TWICE = 8  # times that something is encoded over
MOST_UNKNOWN = 256  # blobs of one text that are neither text nor known
_MORE = re.compile(rb"[A-Za-z0-9+/]+")
_HEX = re.compile(rb"[0-9A-Fa-f]+\Z")
_ESCAPES = re.compile(
    rb"(?:\\x[0-9a-f]{2}){4,}|(?:\\u[0-9a-f]{4}){4,}|(?:%u[0-9a-f]{4}){2,}"
    rb"|(?:%[0-9a-f]{2}){6,}|(?:\\[0-7]{2,3}){6,}|(?:&#x?[0-9a-f]{2,4};){6,}",
    re.IGNORECASE,
)
_UNIT = re.compile(
    rb"\\x([0-9a-f]{2})|%([0-9a-f]{2})|%u([0-9a-f]{4})|\\u([0-9a-f]{4})"
    rb"|&#x([0-9a-f]{2,4});?|&#(\d{1,5});?|\\([0-7]{1,3})",
    re.IGNORECASE,
)
_FRONTS = (
    *(b"MZ", b"PK\3\4", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf"),
    *(b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ", b"MSCF", b"%PDF", b"{\\rt", b"ITSF"),
    *(b"L\0\0\0\1\x14\2", b"\xca\xfe\xba\xbe", b"CWS", b"FWS", b"ZWS", b"\xe3\0\0\0"),
)
_LISTING = Signs.NUMBERS | Signs.CALLS
_ZLIB = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_BEHIND_URL = re.compile(rb"(?i)base64\s*,\s*\Z")


@dataclass(frozen=True, slots=True)
class Blob:
    """Something that was encoded.

    Attributes:
        how: what decoded it, one word.
        start, end: of its letters in the text.
        content: decoded; for deflated data what is still to be inflated.
        deflated: the content is raw deflate.
        unknown: it is neither text nor begins as a known file.
    """

    how: str
    start: int
    end: int
    content: bytes
    deflated: bool = False
    unknown: bool = False


def blobs(text: bytes, signs: Signs, *, page: bool) -> Iterator[Blob]:
    """Yield what is encoded in a text.

    Args:
        text: all of it.
        signs: what the search found in it. Where there are names of decoders, short
            strings count, too.
        page: it is opened as a page, which has its data URLs opened.
    """
    unknown = 0
    for blob in _all(text, signs, page=page):
        unknown += blob.unknown
        if not blob.unknown or unknown <= MOST_UNKNOWN:
            yield blob
            yield from _inner(blob)


def _inner(blob: Blob) -> Iterator[Blob]:
    """Yield what is encoded once more, in a blob that is nothing but letters."""
    content = blob.content
    for _ in range(MOST_TWICE):
        if blob.deflated or BARE.match(content) is None:
            return
        content = _base64(content)
        found = next(_judged("base64", blob.start, blob.end, content), None)
        if found is None:
            return
        yield found
        blob, content = found, found.content


def _all(text: bytes, signs: Signs, *, page: bool) -> Iterator[Blob]:
    known = set()
    for blob in _runs(text, page=page):
        known.add(blob.start)
        yield blob
    for found in _SHORT.finditer(text) if signs & Signs.NAMES else ():
        if (start := found.start(1)) not in known:
            yield from _judged("base64", start, found.end(1), _base64(found[1]))
    for each in lists(text) if signs & _LISTING else ():
        yield from _judged("numbers", each.start, each.end, each.content)
    for found in _escapes(text) if signs & Signs.ESCAPES else ():
        content = unescaped(found[0])
        yield from _judged("escapes", found.start(), found.end(), content)


def _escapes(text: bytes) -> Iterator[re.Match[bytes]]:
    """Yield rows of escapes, looked for only where there are signs of them."""
    done = 0
    for place in NORMALISER.places(text):
        done = max(done, place - APART)
        while found := _ESCAPES.search(text, done, place + 2 * APART):
            whole = _ESCAPES.match(text, found.start()) or found
            done = whole.end()
            yield whole


def _runs(text: bytes, *, page: bool) -> Iterator[Blob]:
    place = 0
    while True:
        start, end = NORMALISER.run(text, place)
        if start >= len(text):
            return
        letters, place = _glued(text, start, end)
        if page and _BEHIND_URL.search(text[max(start - 12, 0) : start]):
            continue
        found = list(_decoded(text, start, place, letters))
        yield from found
        if not found and place > end:  # what is behind may be a blob of its own
            place = end


def _decoded(text: bytes, start: int, end: int, letters: bytes) -> Iterator[Blob]:
    if _HEX.match(letters):
        even = letters[: len(letters) & ~1]
        yield from _judged("hex", start, end, bytes.fromhex(even.decode("ascii")))
        backwards = even[::-1].decode("ascii")
        yield from _known("reversed-hex", start, end, bytes.fromhex(backwards))
        return
    yield from _judged("base64", start, end, _base64(letters))
    if text[start - 1 : start] == b"=":
        yield from _judged("reversed-base64", start, end, _base64(letters[::-1]))


def _glued(text: bytes, start: int, end: int) -> tuple[bytes, int]:
    """Return letters with those of the strings and lines behind them."""
    pieces = [text[start:end]]
    while (glue := _GLUE.match(text, end)) and (more := _MORE.match(text, glue.end())):
        if len(more[0]) < len(pieces[-1]) // 8:
            break  # the next word of a text
        pieces.append(more[0])
        end = more.end()
    return b"".join(pieces), end


_base64 = NORMALISER.decoding.base64


def unescaped(text: bytes) -> bytes:
    r"""Return a text with what escapes stand for: \x41 \u0041 %u0041 %41 \101 &#65;."""
    for mark in (b"\\x", b"%"):  # rows of one kind are the most, and may be long
        if text.count(mark) * (len(mark) + 2) == len(text):
            with suppress(ValueError):
                return bytes.fromhex(text.replace(mark, b"").decode("ascii"))
    return _UNIT.sub(_unit, text)


def _unit(found: re.Match[bytes]) -> bytes:
    byte, percent, memory, letter, entity, decimal, octal = found.groups()
    if byte or percent:
        return bytes((int(byte or percent, 16),))
    if octal:
        return bytes((int(octal, 8) & 0xFF,))
    if memory:  # as shellcode is written
        return int(memory, 16).to_bytes(2, "little")
    number = int(letter or entity, 16) if letter or entity else int(decimal) & 0xFFFF
    return chr(number).encode("utf-8", "surrogatepass")


def _known(how: str, start: int, end: int, data: bytes) -> Iterator[Blob]:
    if data.startswith(_FRONTS):
        yield Blob(how, start, end, data)


def _judged(how: str, start: int, end: int, data: bytes) -> Iterator[Blob]:
    """Yield a blob if it is worth a look."""
    if len(data) < LEAST:
        return
    front = data[:TRIAL]
    if data.startswith(_FRONTS):
        yield Blob(how, start, end, data)
    elif narrow := _narrowed(data):
        yield Blob(how, start, end, narrow)
    elif is_text(front):
        yield Blob(how, start, end, data)
    elif data.startswith(_ZLIB) and _inflates(front[2:]):
        yield Blob(how, start, end, data[2:], deflated=True)
    elif _inflates(front):
        yield Blob(how, start, end, data, deflated=True)
    elif len(data) >= LONG:
        yield Blob(how, start, end, data, unknown=True)


def is_text(front: bytes) -> bool:
    """Say whether bytes are text for the most part, of ASCII or UTF-8."""
    plain = len(front.translate(None, _CONTROLS))
    high = len(front) - len(front.translate(None, _HIGH))
    if plain < TEXT_SHARE * len(front):
        return False
    return high < len(front) // 8 or _is_utf8(front)


_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_HIGH = bytes(range(128, 256))


def _is_utf8(front: bytes) -> bool:
    try:
        front[:-3].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(front) > LEAST


def _narrowed(data: bytes) -> bytes:
    """Return text of UTF-16 as UTF-8; nothing if it is no such text."""
    front = data[:TRIAL]
    zeros = front[1::2].count(0)
    if zeros * 10 < len(front) // 2 * 9 or not is_text(front[::2]):
        return b""
    return data.decode("utf-16-le", "replace").encode("utf-8", "replace")


def _inflates(front: bytes) -> bool:
    """Say whether bytes are deflated text or the like."""
    stream = zlib.decompressobj(-15)
    try:
        made = stream.decompress(front, TRIAL)
    except zlib.error:
        return False
    return len(made) >= LEAST and (is_text(made) or made.startswith(_FRONTS))


def inflated(data: bytes) -> Iterator[bytes]:
    """Yield what raw deflate holds, as far as it goes."""
    stream = zlib.decompressobj(-15)
    for start in range(0, len(data), CHUNK):
        waiting = data[start : start + CHUNK]
        while waiting:
            try:
                made = stream.decompress(waiting, CHUNK)
            except zlib.error:
                return
            waiting = stream.unconsumed_tail
            if made:
                yield made
            if stream.eof:
                return
