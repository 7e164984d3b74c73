"""The frame of an image: its header, its digest and the table of its sections."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from clearward.core.image_frame import DIGEST_AT
from clearward.native.errors import BadImage
from clearward.native.layout import (
    ALIGNMENT,
    HEADER,
    MAGIC,
    MOST_SECTIONS,
    PARTITIONS,
    SECTION,
    VERSION,
    Section,
)
from clearward.native.span import Span

PARTITIONED = frozenset({Section.PREFILTER, Section.ALWAYS})
MANY = PARTITIONED | {Section.HASHES, Section.YARA, Section.LISTS}
IN_BYTES = frozenset(
    {Section.META, Section.PROGRAMS, Section.TEXTS, Section.YARA, Section.LISTS}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A section.

    Attributes:
        kind: what it holds.
        which: partition, or number of a set.
        offset: from the start of the image.
        data: its bytes.
        count: of what is inside.
    """

    kind: Section
    which: int
    offset: int
    data: memoryview
    count: int


Sections = dict[tuple[Section, int], Entry]


def read_sections(image: memoryview, *, check_digest: bool) -> tuple[int, Sections]:
    """Check the frame of an image; return the number of rules and its sections.

    Args:
        image: all of it.
        check_digest: compare the digest, which reads every byte.

    Raises:
        BadImage: it is no image, of another version, or not what it was when built.
    """
    if len(image) < HEADER.size:
        raise BadImage("an image is at least a header")
    magic, version, count, length, rules, digest = HEADER.unpack_from(image)
    if magic != MAGIC:
        raise BadImage("this is no image")
    if version != VERSION:
        raise BadImage(f"an image of version {version}, this reads {VERSION}")
    if length != len(image):
        raise BadImage(f"an image of {length} bytes has {len(image)}")
    if check_digest and digest != _digest(image):
        raise BadImage("the image is not what its digest says")
    span = Span(image, "the table of sections")
    span.take(HEADER.size)
    span.check(count <= MOST_SECTIONS, "count")
    entries = [_entry(span, image) for _ in range(count)]
    keys = [(entry.kind, entry.which) for entry in entries]
    ascending = all(one < other for one, other in pairwise(keys))
    span.check(ascending, "order")
    free = span.at
    for entry in sorted(entries, key=lambda entry: (entry.offset, len(entry.data))):
        span.check(free <= entry.offset, "place of a section")
        free = entry.offset + len(entry.data)
    return rules, {(entry.kind, entry.which): entry for entry in entries}


def _digest(image: memoryview) -> bytes:
    found = sha256(image[:DIGEST_AT])
    found.update(bytes(HEADER.size - DIGEST_AT))
    found.update(image[HEADER.size :])
    return found.digest()


def _entry(span: Span, image: memoryview) -> Entry:
    kind, which, offset, length, count = span.fields(SECTION)
    span.check(1 <= kind <= max(Section), "kind of section")
    span.check(which == 0 or kind in MANY, "number of a section")
    span.check(which < PARTITIONS or kind not in PARTITIONED, "partition")
    span.check(offset % ALIGNMENT == 0, "alignment")
    span.check(offset <= len(image) and length <= len(image) - offset, "offset")
    span.check(count == length or kind not in IN_BYTES, "count")
    data = image[offset : offset + length]
    return Entry(Section(kind), which, offset, data, count)
