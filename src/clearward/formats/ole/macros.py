"""The VBA projects of one compound file: every source that can be found."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader, Stream
from clearward.core.reasons import Reason
from clearward.formats.ole import vba
from clearward.formats.ole.compound import NAME
from clearward.formats.ole.directory import Placed

DIR_MOST = 16 << 20  # bytes of a "dir" stream, unpacked
SOURCES_MOST = 10_000  # in one file
OUTPUT_MOST = 64 << 20  # bytes of them, behind which no more are unpacked
GUESSES = 64  # places tried in a stream
PRINTABLE = frozenset((9, 10, 13, *range(32, 127)))
LEAST = 16  # bytes that make a text
BESIDE = ("dir", "_vba_project")  # no modules
CACHE = "__srp_"


@dataclass(frozen=True, slots=True)
class Found:
    """A stream, and where in it sources were seen."""

    placed: Placed
    content: Reader
    starts: frozenset[int]


class Macros:
    """Gathers streams, and says what is in them once all are known."""

    def __init__(self) -> None:
        self._directories: list[tuple[int, Reader]] = []
        self._found: dict[int, list[Found]] = {}
        self._projects: set[int] = set()
        self._left = SOURCES_MOST
        self._room = OUTPUT_MOST

    def storage(self, each: Placed) -> None:
        """Note a storage."""
        if each.entry.name.lower() == "vba":
            self._projects.add(each.entry.number)

    def stream(self, each: Placed, content: Reader) -> Iterator[Item]:
        """Note a stream and yield the sources that show themselves."""
        name = each.entry.name.lower()
        starts = set()
        for start in vba.sources(content):
            starts.add(start)
            yield self._source(content, start, each.entry.name)
            self._left -= 1
            if self._left <= 0 or self._room <= 0:
                yield Gap(Reason.PARTS_LIMIT if self._room > 0 else Reason.SIZE_LIMIT)
                break
        if name == "dir":
            self._directories.append((each.storage, content))
            self._projects.add(each.storage)
        if name not in BESIDE and not name.startswith(CACHE):
            found = Found(each, content, frozenset(starts))
            self._found.setdefault(each.storage, []).append(found)

    def finish(self) -> Iterator[Item]:
        """Yield the lists of modules, and the sources that only these show."""
        known: set[tuple[int, str]] = set()
        for storage, content in self._directories:
            data = vba.whole(content, 0, DIR_MOST)
            if not data:
                continue  # any stream may have this name
            yield Part(Reader.of(data), b"VBA/dir")
            for module in vba.modules(data):
                known.add((storage, module.stream.lower()))
                yield from self._module(storage, module)
        for storage in sorted(self._projects):
            for each in self._found.get(storage, ()):
                told = (storage, each.placed.entry.name.lower()) in known
                if not each.starts and not told:
                    yield from _guessed(each)

    def _module(self, storage: int, module: vba.Module) -> Iterator[Item]:
        for each in self._found.get(storage, ()):
            if each.placed.entry.name.lower() == module.stream.lower():
                # An offset that leads nowhere is passed over if the source was found.
                known = module.offset in each.starts
                lost = each.content.at(module.offset, 1) != b"\x01"
                if not known and not (lost and each.starts):
                    yield self._source(each.content, module.offset, module.stream)
                return
        yield Gap(Reason.CORRUPT, _named(module.stream))

    def _source(self, content: Reader, start: int, stream: str) -> Part:
        """Return a source as a part, named as it names itself."""
        first = next(_good(content, start, quiet=True), b"")
        own = vba.own_name(first)
        name = b"VBA/" + own if own else _named(stream)
        return Part(Stream(self._counted(_good(content, start, quiet=False))), name)

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._room -= len(chunk)
            yield chunk


def _good(content: Reader, start: int, *, quiet: bool) -> Iterator[bytes]:
    try:
        yield from vba.decompressed(content, start)
    except vba.Broken:
        if not quiet:
            raise Malformed(NAME, min(start, content.size), "macro") from None


def _guessed(each: Found) -> Iterator[Item]:
    """Yield what looks like text where a container may begin."""
    for start in vba.guesses(each.content, GUESSES):
        data = vba.whole(each.content, start, DIR_MOST)
        printable = sum(byte in PRINTABLE for byte in data[:256])
        if len(data) >= LEAST and printable * 10 > min(len(data), 256) * 9:
            yield Part(Reader.of(data), _named(each.placed.entry.name))


def _named(stream: str) -> bytes:
    return b"VBA/" + stream.encode("utf-8", "replace")
