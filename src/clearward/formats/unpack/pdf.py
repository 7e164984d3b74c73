"""Unpack PDF: every stream without its filters, and what its strings say.

`formats.pdf.sweep` draws the layout and finds everything there is, in tables or not;
`formats.pdf.filters` and `formats.pdf.locks` take off what packs it. Object streams are
parts like others, and their strings are read, too. What is encrypted is opened with the
empty password; in case it is not really encrypted it is also read as it is.

Source: ISO 32000-1 and 32000-2.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from clearward.core.errors import Malformed
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Link, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.decompressor import Undecoded
from clearward.formats.kinds.links import is_fetched
from clearward.formats.pdf import filters
from clearward.formats.pdf.filters import Filter
from clearward.formats.pdf.keys import keys
from clearward.formats.pdf.labels import labels
from clearward.formats.pdf.objects import Dictionary, Name, Value, Word
from clearward.formats.pdf.said import Said
from clearward.formats.pdf.sweep import Place, Sweep, Text

NAME = "pdf"
WHOLE = 128 * MIB  # bytes of a file that are swept
OBJECTS = 16 * MIB  # bytes of an object stream whose strings are read
OBJECT = b"object "  # in front of the number of one
ACTIONS = b"actions"
MOST_LINKS = 64
MOST_STEPS = 32
FRONT = 1024  # bytes of a stream by which it is told
MOST_BARE = 2
FLATE = Filter(b"FlateDecode", Dictionary())


def unpack(file: Reader) -> Iterator[Item]:
    """Yield every stream, decoded, and the strings in parts of their own."""
    held = file.held
    data = held if held is not None else file.at(0, min(file.size, WHOLE))
    known = labels(data)
    for item in _Document(data).items():
        yield _labelled(item, known) if known else item
        yield from _asked(item, data)
    if len(data) < file.size:
        yield Gap(Reason.MEMORY_LIMIT)


def _labelled(item: Item, known: dict[int, bytes]) -> Item:
    """Return a stream, or what is said of it, under the name that people know."""
    number = item.name.removeprefix(OBJECT) if isinstance(item, Part | Gap) else b""
    if number.isdigit() and number != item.name and int(number) in known:
        return replace(item, name=known[int(number)])
    return item


def _asked(item: Item, data: bytes) -> Iterator[Link]:
    """Yield addresses that actions name, but those that stand in the file as they are.

    Those are told of the document itself, see `kinds.links`.
    """
    if not isinstance(item, Part) or item.name != ACTIONS:
        return
    lines = item.content.at(0, WHOLE) if isinstance(item.content, Reader) else b""
    told: set[bytes] = set()
    for line in lines.split(b"\n"):
        target = line.partition(b" ")[2]
        if is_fetched(target) and target not in told and data.find(target) < 0:
            told.add(target)
            yield Link(target)
            if len(told) == MOST_LINKS:
                return


def unpack_bare(file: Reader) -> Iterator[Item]:
    """Yield the same of a document without a header.

    What stands in a document may look like one, and what stands in that, again: each
    level would be as large as the one around it. A document in a document is enough.
    """
    if len(_bare) == MOST_BARE:
        yield Gap(Reason.DEPTH_LIMIT)
        return
    _bare.append(file)
    try:
        yield from unpack(file)
    finally:
        _bare.pop()


_bare: list[Reader] = []  # those that are being unpacked, one inside the other


class _Document:
    def __init__(self, data: bytes) -> None:
        self._sweep = Sweep(data)
        self._file = Reader.of(data)
        self._keys = keys(self._sweep)
        self._said = Said()
        # Streams may lie over each other, as in no honest file.
        self._left = 3 * len(data) + MIB

    def items(self) -> Iterator[Item]:
        if self._keys.closed:
            yield Gap(Reason.ENCRYPTED)
        for each in self._sweep.places():
            if isinstance(each, Text):
                self._hear(each)
            else:
                self._left -= each.end - each.start
                if self._left < 0:
                    yield Gap(Reason.SIZE_LIMIT)
                    break
                yield from self._stream(each)
            if self._said.full:
                yield from self._said.parts()
        if self._sweep.full:
            yield Gap(Reason.PARTS_LIMIT)
        yield from self._said.parts()

    def _hear(self, text: Text) -> None:
        self._said.add(text.key, text.raw, plain=text.plain)
        for lock in self._keys.locks:
            raw = lock.text(text.raw, text.number, text.generation)
            if raw != text.raw:
                self._said.add(text.key, raw, plain=False)

    def _stream(self, place: Place) -> Iterator[Item]:
        content = self._file.slice(place.start, place.end - place.start)
        label = b"object %d" % place.number
        inflated = False
        for filter, parameters in self._chains(place):
            try:
                steps = filters.chain(filter, parameters)
            except Undecoded as error:
                if not _holds_flate(content):  # else it is inflated below
                    yield Gap(error.reason, label)
                continue
            for source, quiet in self._sources(place, content):
                # As it is it may be wrong only if it is not encrypted.
                plain = source is None
                if plain and not steps:
                    yield Part(content, label)
                    continue
                chunks = filters.decoded(source or content.chunks(), steps)
                inflated |= plain and not quiet and steps[0].name == FLATE.name
                chunks = _quiet(chunks) if quiet else chunks
                yield from self._part(place, chunks, label, content.size)
        if not inflated and _holds_flate(content):
            chunks = _quiet(filters.flate(content.chunks(), FLATE))
            yield Part(Stream(chunks), label, content.size)

    def _sources(
        self, place: Place, content: Reader
    ) -> Iterator[tuple[Iterator[bytes] | None, bool]]:
        """Yield the stream as it is (None) and decrypted, and whether faults are due.

        A stream that says that it is not encrypted is decrypted as well: programs
        differ in what they believe.
        """
        if not place.certain:
            return
        if not self._keys.locks and not self._keys.closed:
            yield None, False
            return
        bare = _is_never_locked(place)
        yield None, not bare
        for lock in self._keys.locks:
            yield lock.stream(content, place.number, place.generation), bare

    def _part(
        self, place: Place, chunks: Iterator[bytes], label: bytes, packed: int
    ) -> Iterator[Item]:
        """Yield a decoded stream; what an object stream says is kept."""
        if not _holds_objects(place.entries):
            yield Part(Stream(chunks), label, packed)
            return
        kept = bytearray()
        yield Part(Stream(_kept(chunks, kept)), label, packed)
        if len(kept) >= OBJECTS:
            yield Gap(Reason.SIZE_LIMIT, label)
        inner = Sweep(bytes(kept))
        for each in inner.places():
            if isinstance(each, Text):
                self._said.add(each.key, each.raw, plain=each.plain)
        if inner.full:
            yield Gap(Reason.PARTS_LIMIT, label)

    def _chains(self, place: Place) -> Iterator[tuple[Value, Value]]:
        """Yield filters and their parameters, each pair once."""
        if b"Filter" not in place.entries and b"F" not in place.entries:
            yield None, None
            return
        names = place.entries.all(b"Filter")
        if not names:  # short as in pictures between text, or the name of another file
            names = [each for each in place.entries.all(b"F") if self._filters(each)]
        told = self._deep(place.entries.get_last(b"DecodeParms", b"DP"))
        seen: list[Value] = []
        for each in names or [None]:
            for version in self._sweep.each(each) or [Word(b"nowhere")]:
                filter = self._deep(version)
                if filter not in seen:
                    seen.append(filter)
                    yield filter, told

    def _filters(self, value: Value) -> bool:
        value = self._deep(value)
        values = value if isinstance(value, list) else [value]
        return all(isinstance(each, Name) for each in values)

    def _deep(self, value: Value) -> Value:
        """Follow a reference, and those in a short array."""
        value = self._sweep.resolved(value)
        if isinstance(value, list):
            return [self._sweep.resolved(each) for each in value[:MOST_STEPS]]
        return value


def _holds_flate(content: Reader) -> bool:
    return filters.holds_flate(content.at(0, FRONT))


def _is_never_locked(place: Place) -> bool:
    """Say whether a stream says that it is not encrypted."""
    if place.entries.get_last(b"Type") == Name(b"XRef"):
        return True
    first = place.entries.get_last(b"Filter", b"F")
    if isinstance(first, list):
        first = first[0] if first else None
    return first == Name(b"Crypt")


def _holds_objects(entries: Dictionary) -> bool:
    return Name(b"ObjStm") in entries.all(b"Type") or (
        b"N" in entries and b"First" in entries
    )


def _kept(chunks: Iterator[bytes], kept: bytearray) -> Iterator[bytes]:
    """Yield what comes, and keep the front of it."""
    for chunk in chunks:
        kept += chunk[: OBJECTS - len(kept)]
        yield chunk


def _quiet(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what can be had, of bytes that may well be something else."""
    with suppress(Malformed):
        yield from chunks
