"""Load ClamAV's databases: everything that all sources say together.

What one source says to leave out (.ign, .ign2) holds for all of them, whatever their
order. Digests, of which there may be millions, are read when they are asked for, and
not kept.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from clearward.core.names import Problem
from clearward.rules.clamav.digests import DigestReader
from clearward.rules.clamav.fault import Left, Why
from clearward.rules.clamav.ignored import IgnoreList
from clearward.rules.clamav.listed import (
    LINKS,
    DigestSignature,
    Icon,
    Ignored,
    Link,
    Magic,
    MemberSignature,
)
from clearward.rules.clamav.model import Signature
from clearward.rules.clamav.plain_digests import READ, Alike, Rest, read_plain
from clearward.rules.clamav.read import DIGEST_READERS, KINDS, NOTHING, read
from clearward.rules.source import Source

# Kinds of text that hold nothing but digests.
DIGESTS = frozenset(
    ("hdb", "hsb", "hdu", "hsu", "fp", "sfp", "mdb", "msb", "mdu", "msu", "imp")
)


class Adder(Protocol):
    """Takes what plain lines of one kind of list say; see `image.digests.Adder`."""

    def add(self, digest: bytes, size: int | None, name: bytes) -> None:
        """Take one."""

    def add_all(
        self, digests: bytes, sizes: list[int] | None, names: Sequence[bytes]
    ) -> None:
        """Take many that are alike."""


Take = Callable[[DigestReader], Adder]

Named = Signature | MemberSignature | DigestSignature
Evaluated = Named | Icon | Link | Magic


class Databases:
    """What the sources of ClamAV's kinds say.

    Args:
        sources: of any kind; others are passed over.
        unwanted: also what is potentially unwanted.
        by_source: counts what is read by the number of its source; then no origins are
            kept, which take a lot of memory where there are millions of names.

    Attributes:
        signatures: all but digests.
        problems: what cannot be used, once it was read.
        left: how much is left out on purpose, by kind and reason, likewise.
        origins: number of the source of each name, of several the first.
        ignored: names of what is left out, whatever its line is.
        ignoring: sources that name what is left out by its line.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        unwanted: bool,
        by_source: Counter[int] | None = None,
    ) -> None:
        self._unwanted = unwanted
        self._by_source = by_source
        self.problems: list[Problem] = []
        self.left: Counter[str] = Counter()
        self.origins: dict[str, int] = {}
        mine = [source for source in sources if source.kind in KINDS]
        self._lists = [source for source in mine if source.kind in DIGESTS]
        others = [source for source in mine if source.kind not in DIGESTS]
        self._ignored: dict[str, list[Ignored]] = {}
        self.ignoring: set[int] = set()
        read_from = [(source, [*self._read(source)]) for source in others]
        self._ignore_list = IgnoreList(
            entry for entries in self._ignored.values() for entry in entries
        )
        kept = [
            item
            for source, items in read_from
            for item in self._without_ignored(source, items)
        ]
        self._kept = [item for item in kept if isinstance(item, DigestSignature)]
        self.signatures = [
            item for item in kept if not isinstance(item, DigestSignature)
        ]

    @property
    def ignored(self) -> frozenset[str]:
        """As said above."""
        return frozenset(
            name
            for name, entries in self._ignored.items()
            if any(entry.digest is None for entry in entries)
        )

    @property
    def empty(self) -> bool:
        """There is neither a signature nor a list of digests."""
        return not (self.signatures or self._kept or self._lists)

    def digests(self) -> Iterator[DigestSignature]:
        """Yield what the lists of digests say. Ask once: problems are noted again."""
        yield from self._kept
        for source in self._lists:
            for item in self._read(source, self._ignore_list):
                if isinstance(item, DigestSignature):
                    yield item

    def quick_digests(self, take: Take) -> Iterator[DigestSignature]:
        """Do as `digests` does, and hand what most lines say to `take` instead."""
        if self._ignored:  # every name has to be looked at
            yield from self.digests()
            return
        yield from self._kept
        for source in self._lists:
            reader = DIGEST_READERS[source.kind]
            if reader.of in READ and (self._unwanted or not reader.unwanted):
                rests = self._take_plain(source, reader, take)
            else:
                rests = iter((Rest(0, source.text),))
            for rest in rests:
                told = len(self.problems)
                # A mark of UTF-8 is one only in front of the whole list, so a comment
                # takes the place of the lines before.
                front = b"#\n" if rest.before else b""
                shift = rest.before - len(front.splitlines())
                for item in self._read(replace(source, text=front + rest.text)):
                    if isinstance(item, DigestSignature):
                        yield item
                self.problems[told:] = [
                    replace(problem, line=problem.line + shift)
                    for problem in self.problems[told:]
                ]

    def _take_plain(
        self, source: Source, reader: DigestReader, take: Take
    ) -> Iterator[Rest]:
        """Take plain lines, and yield the others."""
        adder = take(reader)
        count = 0
        for item in read_plain(source.text, reader.of):
            if isinstance(item, Rest):
                yield item
            elif isinstance(item, Alike):
                adder.add_all(item.digests, item.sizes, item.names)
                count += len(item.names)
            else:
                adder.add(*item)
                count += 1
        if self._by_source is not None:
            self._by_source[source.number] += count

    def _read(
        self, source: Source, ignored: IgnoreList = NOTHING
    ) -> Iterator[Evaluated]:
        """Yield what can be used; note what cannot."""
        for item in read(source, unwanted=self._unwanted, ignored=ignored):
            if isinstance(item, Problem):
                self.problems.append(item)
            elif isinstance(item, Left):
                self._leave_out(item.kind, item.why.value, item.count)
            elif isinstance(item, Ignored):
                self._ignored.setdefault(item.name, []).append(item)
                if item.digest is not None:
                    self.ignoring.add(source.number)
            else:
                for name in LINKS if isinstance(item, Link) else (item.name,):
                    self._note(name, source.number)
                yield item

    def _leave_out(self, kind: str, why: str, count: int = 1) -> None:
        self.left[f"{kind}: {why}"] += count

    def _without_ignored(
        self, source: Source, items: list[Evaluated]
    ) -> Iterator[Evaluated]:
        """Yield items but those on an ignore list.

        Whether an entry with a digest means an item can only be told by the line: then
        the source is read once more, which is rare.
        """
        asked: set[str] = set()
        for item in items:
            name = "" if isinstance(item, Link) else item.name
            entries = self._ignored.get(name, ())
            if any(entry.digest is None for entry in entries):
                self._leave_out("signatures", Why.IGNORED.value)
            elif entries:
                asked.add(name)
            else:
                yield item
        if not asked:
            return
        wanted = IgnoreList(entry for name in asked for entry in self._ignored[name])
        for again in read(source, unwanted=self._unwanted, ignored=wanted):
            if isinstance(again, Left) and again.why is Why.IGNORED:
                self._leave_out("signatures", Why.IGNORED.value, again.count)
            elif isinstance(again, Named | Icon | Magic) and again.name in asked:
                yield again

    def _note(self, name: str, number: int) -> None:
        """Note where an item comes from."""
        if self._by_source is not None:
            self._by_source[number] += 1
        else:
            self.origins.setdefault(name, number)
