"""One fuzz target for each parser: bytes in, nothing but the named errors out.

A target returns for bytes that it read or refused, and raises for a fault: an error
that the parser does not name, or an offset outside the input.
"""

from collections.abc import Callable
from contextlib import suppress

import clamd_face
from http_bodies import asking, uploading
from icap import conversing
from stix_patterns import patterning

from clearward.core.errors import Malformed
from clearward.core.names import Table
from clearward.core.part import Part
from clearward.core.reader import Content, Cursor, Reader, Stream
from clearward.formats import heavy, opened
from clearward.formats.closed import CLOSED
from clearward.formats.extraction import reading
from clearward.formats.extraction.gathered import Gathered
from clearward.formats.filetype import clamav_type
from clearward.formats.format import Format
from clearward.formats.identify import HEAD, identify
from clearward.formats.kinds.kind import kind_of
from clearward.formats.kinds.links import links
from clearward.formats.mail.links import links_of
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.reference import REFERENCE
from clearward.formats.normalise.views import Kind, views
from clearward.formats.opened import OPENED
from clearward.formats.pictures import bitmap, scale
from clearward.formats.pictures.grey import READERS, look
from clearward.formats.pictures.iconic import look as iconic_look
from clearward.formats.programs import imports, pe
from clearward.formats.programs.facts import facts
from clearward.formats.sights import Sighted
from clearward.formats.unpack import FORMATS
from clearward.indicators.found import Found
from clearward.jail import explanation, records, wire
from clearward.rules import condition, hashes
from clearward.rules.source import Source

Target = Callable[[bytes], None]

MOST_PARTS = 2_000
MOST_OUTPUT = 32 << 20  # bytes of one part that are read
RULES = 100


class Fault(Exception):
    """A parser did what it must not do."""


def unpacking(format: Format) -> Target:
    """Feed bytes to one format, at random and from front to back."""

    def run(data: bytes) -> None:
        format.recognises(data[:HEAD], Reader.of(data))
        if format.unpack is not None:
            _read_all(format, data, Reader.of(data))
        if format.unpack_ahead is not None:
            _read_all(format, data, Cursor(Reader.of(data)))
            pieces = [data[at : at + 97] for at in range(0, len(data), 97)]
            _read_all(format, data, Stream(iter(pieces)))

    return run


def opening(format: Format) -> Target:
    """Feed bytes to a format whose reader is loaded first."""
    target = unpacking(format)

    def run(data: bytes) -> None:
        if not opened.loaded():
            heavy.load()
            opened.load()
        target(data)

    return run


def _read_all(format: Format, data: bytes, source: Reader | Cursor | Stream) -> None:
    unpack = format.unpack if isinstance(source, Reader) else format.unpack_ahead
    if unpack is None:
        return
    try:
        for count, item in enumerate(unpack(source)):  # type: ignore[arg-type]
            if isinstance(item, Part):
                _read(item.content)
            if count > MOST_PARTS:
                return
    except Malformed as error:
        if not 0 <= error.offset <= len(data):
            raise Fault(f"{error} in {len(data)} bytes") from error


def _read(content: Content) -> None:
    """Read a part as the engine does; damage inside it ends it."""
    if isinstance(content, Reader):
        content.at(0, min(content.size, MOST_OUTPUT))
        return
    size = 0
    with suppress(Malformed):
        for chunk in content.rest():
            size += len(chunk)
            if size > MOST_OUTPUT:
                return


def identifying(data: bytes) -> None:
    """Ask every format whether it knows these bytes."""
    identify(data[:HEAD], Reader.of(data))


def typing(data: bytes) -> None:
    """Ask which type ClamAV would give these bytes."""
    reader = Reader.of(data)
    clamav_type(data[:HEAD], reader, identify(data[:HEAD], reader))


def telling(data: bytes) -> None:
    """Say what kind these bytes are, and what they ask to be fetched."""
    reader = Reader.of(data)
    kind = kind_of(data[:HEAD], reader, identify(data[:HEAD], reader))
    list(links(kind.name, data[:HEAD], reader))


def linking(data: bytes) -> None:
    """Read the links of a page, of one in UTF-16 as well."""
    for wide in (False, True):
        links_of(data, wide=wide)


def running(data: bytes) -> None:
    """Treat bytes as a program of each system."""
    reader = Reader.of(data)
    for kind in ("MSEXE", "ELF", "MACHO"):
        facts(f"CL_TYPE_{kind}", reader)
    with suppress(Malformed):
        imports.listing(pe.read(reader), reader)


def answering(data: bytes) -> None:
    """Treat bytes as what a worker that was taken over answers."""
    for job in wire.Job:
        with suppress(wire.Hostile):
            answer = wire.decode_answer(data, job, RULES)
            if isinstance(answer, wire.Answer) and answer.explanation:
                explanation.decode(answer.explanation, RULES)
    with suppress(wire.Hostile):
        explanation.decode(data, RULES)


def naming(data: bytes) -> None:
    """Treat bytes as a name table."""
    with suppress(ValueError):
        Table.from_json(data)


def listing(data: bytes) -> None:
    """Treat bytes as a digest list."""
    for kind in hashes.SIZES:
        list(hashes.read(Source(0, "fuzz", kind, "local", data)))


def judging(data: bytes) -> None:
    """Treat bytes as the text of YARA rules."""
    condition.decide(data.decode("utf-8", errors="replace"))


def normalising(data: bytes) -> None:
    """Make all views of bytes, compiled and in Python, and compare them."""
    for kind in Kind:
        views(kind, data)
    if NORMALISER.page(data) != REFERENCE.page(data):
        raise Fault("a page has other views in Python")
    for each in ("text", "script", "encoded"):
        if getattr(NORMALISER, each)(data) != getattr(REFERENCE, each)(data):
            raise Fault(f"{each} is another in Python")


def looking(data: bytes) -> None:
    """Look at bytes as at a picture of each kind."""
    heavy.load()
    for kind, (_, _, magic) in READERS.items():
        look(data, kind)
        look(magic + data, kind)


def iconic(data: bytes) -> None:
    """Treat bytes as a bitmap of an icon, and as a program that shows some."""
    reader = Reader.of(data)
    shape = bitmap.shape_of(reader, 0)
    if shape is not None and (found := bitmap.read(reader, shape)) is not None:
        small = scale.scaled(found)
        if small.width in scale.SIDES:
            iconic_look(small.points, small.width)
    Sighted(data, "CL_TYPE_MSEXE").icons()


def extracting(data: bytes) -> None:
    """Find indicators in bytes as in each thing that has text; send them out, too."""
    for kind, around in (("", ""), ("mail", ""), ("pdf", ""), ("", "pdf")):
        found: list[Found] = []
        text = reading.text_of(data, kind, around)
        if text is not None:
            Gathered(found.extend).take(text)
        told = [one for each in records.encode(found) for one in _heard(each)]
        if told != found or any(one.line > 1 + len(text or "") for one in found):
            raise Fault("what is found does not come out as it is")
    with suppress(wire.Hostile):
        records.decode(data)


def _heard(message: bytes) -> list[Found]:
    told = records.decode(message)
    if isinstance(told, records.End):
        raise Fault("an end that nobody said")
    return told


TARGETS: dict[str, Target] = {
    **{format.name: unpacking(format) for format in FORMATS},
    **{format.name: opening(format) for format in CLOSED if format.name in OPENED},
    "identify": identifying,
    "normalise": normalising,
    "answer": answering,
    "table": naming,
    "hashes": listing,
    "filetype": typing,
    "icons": iconic,
    "indicators": extracting,
    "kinds": telling,
    "links": linking,
    "pictures": looking,
    "programs": running,
    "condition": judging,
    "clamd": clamd_face.talking,
    "clamd.conf": clamd_face.configuring,
    "icap": conversing,
    "scan-request": asking,
    "multipart": uploading,
    "stix-pattern": patterning,
}
