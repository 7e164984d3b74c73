"""A rule image, checked completely when it is loaded.

Digests and names stay unread: what is cheap about them is checked now, the rest when
they are looked up. Everything else is read once here, in time linear in its length.
"""

from collections.abc import Sequence

from clearward.native.errors import BadImage
from clearward.native.hashes import HashSet, read_hashes
from clearward.native.layout import Flag, Section
from clearward.native.names import Names, read_names
from clearward.native.prefilter import Prefilter, read_prefilter
from clearward.native.programs import Program, read_program
from clearward.native.sections import Entry, read_sections
from clearward.native.signatures import Signature, read_signatures
from clearward.native.span import Numbers, Span
from clearward.native.types import Types, read_types

NOTHING = memoryview(b"")


class Image:
    """A rule image that may be trusted.

    Args:
        data: the whole of it; it must not change as long as the image is used.
        check_digest: compare its digest, too, which reads every byte; whoever opened
            a file may have done so before.

    Attributes:
        rules: how many rules there are.
        signatures: by number.
        prefilters: by partition.
        always: numbers of signatures by partition, ascending.
        hashes: sets of digests by their number.
        names: of the rules.
        types: that it names.

    Raises:
        BadImage: it breaks the layout.
    """

    def __init__(self, data: bytes | memoryview, *, check_digest: bool = True) -> None:
        view = memoryview(data).cast("B")
        self.rules, self._sections = read_sections(view, check_digest=check_digest)
        self.names = self._names()
        self._programs = self.section(Section.PROGRAMS)
        self._texts = self.section(Section.TEXTS)
        self.types = self._types()
        self.signatures = self._signatures()
        self.prefilters: dict[int, Prefilter] = {}
        self.always: dict[int, Numbers] = {}
        self.hashes: dict[int, HashSet] = {}
        for entry in self._sections.values():
            self._read(entry)

    def section(self, kind: Section, which: int = 0) -> memoryview:
        """Return the bytes of a section, none if there is no such section."""
        entry = self._sections.get((kind, which))
        return entry.data if entry else NOTHING

    def sections(self, kind: Section) -> dict[int, memoryview]:
        """Return the sections of a kind, by their number."""
        return {
            entry.which: entry.data
            for entry in self._sections.values()
            if entry.kind is kind
        }

    def text(self, offset: int, length: int) -> bytes:
        """Return what a program refers to."""
        return bytes(self._texts[offset : offset + length])

    def program(self, index: int) -> Program:
        """Return the program of a signature, read once more."""
        return self._program(self.signatures[index])

    def _program(self, signature: Signature) -> Program:
        end = signature.offset + signature.length
        return read_program(
            self._programs[signature.offset : end],
            signature.subs,
            len(self._texts),
            len(self.types.names),
        )

    def _names(self) -> Names:
        entry = self._sections.get((Section.NAMES, 0))
        if entry is None:
            return Names(0, NOTHING, NOTHING)
        if entry.count != self.rules:
            raise BadImage("there are not as many names as rules")
        return read_names(entry.data, entry.count)

    def _types(self) -> Types:
        entry = self._sections.get((Section.TYPES, 0))
        return read_types(entry.data, entry.count) if entry else Types((), {})

    def _signatures(self) -> Sequence[Signature]:
        entry = self._sections.get((Section.SIGNATURES, 0))
        if entry is None:
            return ()
        types = len(self.types.names)
        found = read_signatures(entry.data, entry.count, self.rules, types)
        end = 0
        for signature in found:
            if not end <= signature.offset <= len(self._programs):
                raise BadImage("a signature has a bad offset")
            if signature.length > len(self._programs) - signature.offset:
                raise BadImage("a signature has a bad length")
            end = signature.offset + signature.length
            if self._program(signature).waits and not signature.flags & Flag.DEFERRED:
                raise BadImage("a signature has to be deferred")
        return found

    def _read(self, entry: Entry) -> None:
        if entry.kind is Section.PREFILTER:
            known = len(self.signatures)
            found = read_prefilter(entry.data, entry.count, known)
            self.prefilters[entry.which] = found
        elif entry.kind is Section.ALWAYS:
            self.always[entry.which] = self._always(entry)
        elif entry.kind is Section.HASHES:
            found_hashes = read_hashes(entry.data, entry.count, self.rules)
            self.hashes[entry.which] = found_hashes

    def _always(self, entry: Entry) -> Numbers:
        span = Span(entry.data, "a list of signatures")
        found = span.numbers(entry.count)
        span.done()
        least = 0
        for index in found:
            span.check(least <= index < len(self.signatures), "signature")
            least = index + 1
        return found
