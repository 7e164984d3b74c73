r"""Unpack what a Rich Text document holds as digits: objects, pictures, themes.

How digits are found is in `rtf.groups`, what an object of the first OLE looks like in
`packager`. A document is read strictly first, and then once more with every digit taken
for data if that could make a difference; what both give is yielded once.

An object is yielded as the file inside it, if it is a package, or as the data inside
it; and where its header is not one, as it is. Bytes of an object around that are a part
as well: the names and the path a package came from, and the picture behind it.
"""

import hashlib
from collections.abc import Iterator

from clearward.core.errors import Truncated
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import packager
from clearward.formats.rtf.groups import Found, Groups

NAME = "rtf"
BUNDLE = b"rtfd\0\0\0\0"  # a document and its attachments, as Apple serialises them
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def unpack(document: Reader) -> Iterator[Item]:
    """Yield the objects and pictures of a document.

    Raises:
        Truncated: the document ends inside one; what there is of it was yielded.
    """
    seen: set[bytes] = set()
    strict = Groups(document, literal=False)
    yield from _fresh(strict, seen)
    if strict.ambiguous:
        yield from _fresh(Groups(document, literal=True), seen)
    if strict.deep:
        yield Gap(Reason.DEPTH_LIMIT)
    if document.at(0, len(BUNDLE)) == BUNDLE:
        yield Gap(Reason.UNSUPPORTED)
    if strict.cut:
        raise Truncated(NAME, document.size, "end of a group")


def _fresh(groups: Groups, seen: set[bytes]) -> Iterator[Item]:
    """Yield what was not yielded before."""
    for found in groups:
        digest = hashlib.sha256(found.data).digest()
        if found.data and digest not in seen:
            seen.add(digest)
            yield from _items(found)
        if not found.whole:
            yield Gap(Reason.MEMORY_LIMIT, found.word)


def _items(found: Found) -> Iterator[Item]:
    data = bytes(found.data)
    if found.word != b"objdata":
        yield Part(Reader.of(data), found.word)
        return
    span = packager.embedded(data)
    if span is None:
        yield Part(Reader.of(data), found.word)
        place = data.find(_COMPOUND, 1)
        if place > 0:
            yield Part(Reader.of(data).slice(place, len(data) - place), found.word)
        return
    inner = packager.packaged(data[span.start : span.end])
    if inner is None:
        yield from _cut(data, span)
        return
    start, end = span.start + inner.start, span.start + inner.end
    yield from _cut(data, packager.Span(inner.name, start, end, inner.whole))


def _cut(data: bytes, span: packager.Span) -> Iterator[Item]:
    """Yield what a span is over, and what lies around it."""
    yield Part(Reader.of(data[span.start : span.end]), span.name)
    around = data[: span.start] + data[span.end :]
    yield Part(Reader.of(around), b"header")
    if not span.whole:
        yield Gap(Reason.TRUNCATED, span.name)
