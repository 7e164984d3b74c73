"""Let ClamAV's signatures look at a part.

They see it by its type: those for its target, and those for any. Of text and HTML they
also see normalised views, each by both. They ask what is around the part, where its
program begins, and what its digests are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clearward.core.errors import Malformed
from clearward.core.facts import Facts
from clearward.core.filetypes import ANY, Target, opened, target
from clearward.core.limits import MIB
from clearward.core.part import Item, Part
from clearward.core.reader import Content, Reader
from clearward.core.reasons import Reason
from clearward.core.sights import BLIND, Sights
from clearward.engine.asked import MAILS, Asked
from clearward.engine.digests import Digests, digests, span
from clearward.engine.large_signatures import About, Large
from clearward.engine.notes import Notes
from clearward.engine.passing_signatures import PassingPart
from clearward.formats.filetype import clamav_type
from clearward.formats.format import Format
from clearward.formats.identify import HEAD
from clearward.formats.mail.links import links_of
from clearward.formats.normalise.views import Kind, Views, views
from clearward.formats.programs import facts as programs
from clearward.formats.programs import imports, pe, versions
from clearward.formats.sights import Sighted
from clearward.formats.unpack import FORMATS
from clearward.native.layout import Scope
from clearward.rules.links import Pair
from clearward.rules.members import Container
from clearward.rules.said import Said
from clearward.rules.signatures import SMALLEST, Signatures
from clearward.rules.yara import Hit

OPENS = {kind: format for format in FORMATS for kind in opened(format.name)}
WIDE = "CL_TYPE_HTML_UTF16"
FRONT = 64 * MIB  # of a part too large to be held, what a page or text is known by
_KINDS = {Target.TEXT: Kind.TEXT, Target.HTML: Kind.PAGE}  # that have other views


class Looker:
    """Asks the signatures about one part after the other.

    Args:
        signatures: to be asked.
        notes: where what they say goes.
    """

    def __init__(self, signatures: Signatures, notes: Notes) -> None:
        self._signatures = signatures
        self._notes = notes
        self._handlers: dict[str, None] = {}  # types that signatures say a part is of
        self._shown: set[int] = set()  # rules of which it is told where they match
        self._asked = Asked(signatures)
        self._digests = Digests(signatures)

    def trusts(self, content: Reader) -> bool:
        """Say whether a part, and so all inside it, is on a list of what is allowed."""
        size = content.size
        asked = self._signatures.algorithms(Scope.FILE, allows=True, size=size)
        if not asked or size < SMALLEST:
            return False
        made = self._digests.of(content)
        found = self._signatures.listed(Scope.FILE, made, size, allows=True)
        return bool(found)

    def context(self, around: Sequence[str]) -> tuple[object, ...]:
        """Return what is asked about what lies around a part."""
        return self._asked.context(around)

    def passes(
        self, content: Reader, formats: list[Format], around: tuple[str, ...]
    ) -> Large:
        """Return what asks about a part too large to be held.

        Args:
            content: the part.
            formats: those it is of.
            around: types of what it lies in, from the outermost in.
        """
        front = content.slice(0, min(content.size, FRONT))
        kind = clamav_type(content.at(0, HEAD), front, formats)
        own = target(kind)
        sort = _KINDS.get(own)

        def facts() -> Facts:
            return self._facts(kind, content).inside(around)

        def ask_views(about: Facts) -> None:
            if sort is not None:
                self._ask_views(views(sort, front.at(0, FRONT)), about)

        seen = () if sort is Kind.PAGE else (Target.ANY,)
        if sort is None and own is not Target.ANY:
            seen = (*seen, own)
        about = About(seen, facts, ask_views, kind)
        return Large(self._signatures, self._notes, content, about)

    def streams(
        self, front: bytes, formats: list[Format], around: tuple[str, ...]
    ) -> PassingPart:
        """Return what asks about a stream too large to be held, as it passes.

        Args:
            front: what it begins with.
            formats: those it is of, as far as that tells.
            around: types of what it lies in, from the outermost in.
        """
        kind = clamav_type(front[:HEAD], Reader.of(front), formats)
        return PassingPart(self._signatures, self._notes, kind, around)

    def look(
        self,
        data: bytes,
        reader: Reader,
        formats: list[Format],
        around: tuple[str, ...],
    ) -> str:
        """Ask about a part that is at hand; return its type.

        Args:
            data: the part.
            reader: the same.
            formats: those it is of; what a signature says it is of is added.
            around: types of what it lies in, from the outermost in.
        """
        if not self._asked.types:
            if len(data) >= SMALLEST:
                self._list_file(reader)
            return ""
        kind = self._type(data[:HEAD], reader, formats)
        if len(data) >= SMALLEST:
            self._handlers.clear()
            self._shown.clear()
            self._ask(data, reader, kind, around)
            for handler in self._handlers:
                format = OPENS.get(handler)
                if format is not None and format not in formats:
                    formats.append(format)
                    kind = handler
        return kind

    def _type(self, head: bytes, reader: Reader, formats: list[Format]) -> str:
        try:
            return clamav_type(head, reader, formats, self._signatures.magics)
        except TimeoutError:
            self._notes.gap(Reason.TIME_LIMIT)
            return clamav_type(head, reader, formats)

    def lists(self, item: Item, format: Format, size: int, kind: str) -> None:
        """Ask about what a container says of a member.

        Args:
            item: one that says something.
            format: of the container.
            size: bytes of the container; 0 if that is not known.
            kind: its type, or that of what it lies in.
        """
        member = item.member
        if member is None or not self._signatures.members:
            return
        if member.size is None and isinstance(item, Part):
            member = replace(member, size=_size(item.content))
        if member.packed is None:
            member = replace(member, packed=member.size)
        known = opened(format.name) or (ANY,)
        types = {ANY, kind if kind in known else known[0]}
        if format.anywhere:
            types.add(known[0])  # a document is an archive, too
        around = Container(types, size - member.start if size else None)
        self._tell(self._signatures.about(around, item.name, member))

    def _ask(
        self, data: bytes, reader: Reader, kind: str, around: tuple[str, ...]
    ) -> None:
        facts = self._facts(kind, reader)
        if around:
            facts = facts.inside(around)
        if self._asked.bytes:
            self._ask_bytes(data, kind, facts)
        self._list_file(reader)

    def _ask_bytes(self, data: bytes, kind: str, facts: Facts) -> None:
        """Ask those that look at the bytes of a part, and at views of them."""
        sights = Sighted(data, kind)
        own = target(kind)
        if self._asked.links and own is Target.HTML and facts.container in MAILS:
            self._ask_about_links(data, wide=kind == WIDE)
        sort = _KINDS.get(own)
        if sort is not Kind.PAGE:  # of a page clamscan sees the views alone
            self._match(data, Target.ANY, facts, sights)
        if sort is not None:
            self._ask_views(views(sort, data), facts)
        elif own is not Target.ANY:  # or it would be asked twice
            self._match(data, own, facts, sights)

    def _ask_about_links(self, data: bytes, *, wide: bool) -> None:
        links, more = links_of(data, wide=wide)
        if more:
            self._notes.gap(Reason.SIZE_LIMIT)
        pairs = [Pair(link.real, link.shown) for link in links]
        self._tell(self._signatures.linked(pairs))

    def _ask_views(self, seen: Views, facts: Facts) -> None:
        if seen.limited:
            self._notes.gap(Reason.SIZE_LIMIT)
        for view in seen.views:
            about = facts.inside(facts.intermediates, len(view.data))
            for other in view.targets:
                self._match(view.data, Target(other), about, placed=False)

    def _match(
        self,
        data: bytes,
        asked: Target,
        facts: Facts,
        sights: Sights = BLIND,
        *,
        placed: bool = True,
    ) -> None:
        """Match by those for a target, and by handlers of those that match.

        If data are `placed`, a place in them is one in the part.
        """
        said = self._signatures.match(data, asked, facts, sights)
        where = self._signatures.where
        self._tell(said, where(said, data, facts, sights) if placed else ())
        for handler in said.handlers:
            self._handlers[handler] = None
            if (other := target(handler)) is not asked:
                said = self._signatures.match(data, other, facts, sights)
                self._tell(said, where(said, data, facts, sights) if placed else ())

    def _tell(self, said: Said, where: Iterable[Hit] = ()) -> None:
        """Note what signatures say, and where they match if that is asked for."""
        if said.reasons:
            self._notes.gap(said.reasons)
        if self._notes.explains:
            hits = [*where]
            self._shown.update(hit.rule for hit in hits)
            # Of one that is seen in a view as well, the places in the part are enough.
            hits += [Hit(rule) for rule in said.rules if rule not in self._shown]
            self._notes.hits(hits)
        self._notes.rules(said.rules)

    def _facts(self, kind: str, reader: Reader) -> Facts:
        """Return what the headers of a program say, and ask about its pieces."""
        if kind != "CL_TYPE_MSEXE":
            return programs.facts(kind, reader)
        try:
            program = pe.read(reader)
        except Malformed:
            return Facts(reader.size, placed=False)
        for start, size in pe.digested(program) if self._asked.sections else ():
            asked = self._signatures.algorithms(Scope.SECTION, allows=False, size=size)
            made = digests(asked, span(reader, start, size).chunks())
            self._list(Scope.SECTION, made, size, start)
        if self._asked.imports and (listing := imports.listing(program, reader)):
            size = len(listing)
            asked = self._signatures.algorithms(Scope.IMPORTS, allows=False, size=size)
            self._list(Scope.IMPORTS, digests(asked, [listing]), size)
        return pe.facts_of(program, versions.offsets(program, reader))

    def _list_file(self, content: Reader) -> None:
        """Ask about the digests of a part, and forget it."""
        self._list(Scope.FILE, self._digests.of(content), content.size)
        self._digests.forget()

    def _list(
        self, scope: Scope, made: dict[str, bytes], size: int, start: int = 0
    ) -> None:
        if made:
            found = self._signatures.listed(scope, made, size, allows=False)
            shown = 0 if scope is Scope.IMPORTS else size  # a list, not bytes
            self._notes.hits(Hit(rule, start, shown) for rule in found)


def _size(content: Content) -> int:
    """Return the bytes of a part that was read."""
    return content.size if isinstance(content, Reader) else content.offset
