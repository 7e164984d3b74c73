"""Compile rule sources of all kinds into one image.

Rules of the potentially unwanted kinds are in it, too, with a mark: whether they are in
force is for a scan to say.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from clearward import __version__
from clearward.core.names import Problem, Table
from clearward.native.layout import Listing
from clearward.rules import hashes
from clearward.rules.clamav.digests import DigestReader
from clearward.rules.clamav.listed import Link
from clearward.rules.clamav.load import Databases
from clearward.rules.image.build import Builder, Image
from clearward.rules.image.digests import Adder
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara
from clearward.rules.yara_image import listing, serialised
from clearward.rules.yara_spaces import others_in

_STEP = 4096  # rules between two words on how far it is

Tell = Callable[[str, int], None]  # what is being done, and how much of it is done


@dataclass(frozen=True, slots=True)
class Made:
    """What was compiled.

    Attributes:
        image: to be written.
        table: problems, digests of the sources, and what was left out; no rules.
    """

    image: Image
    table: Table


def compile_image(
    sources: Sequence[Source], *, marks: Sequence[bytes], version: str, tell: Tell
) -> Made:
    """Compile sources.

    Args:
        sources: numbered from 0 in this order.
        marks: bytes that YARA rules are to look for on the way.
        version: of yara-x.
        tell: is told how far it is.
    """
    return _Compiling(sources, tell).made(marks, version)


class _Compiling:
    """One image on its way."""

    def __init__(self, sources: Sequence[Source], tell: Tell) -> None:
        self._sources = sources
        self._tell = tell
        self._counts: Counter[int] = Counter()  # rules by source
        self._done: Counter[str] = Counter()
        self._problems: list[Problem] = []

    def made(self, marks: Sequence[bytes], version: str) -> Made:
        yara = self._yara(marks)
        names = [name.name for name in yara.names] if yara is not None else []
        builder = Builder(names)
        self._lists(builder)
        left, repeated = self._databases(builder, names)
        left.update(others_in(self._sources))
        self._tell("laying the image out", 0)
        problems = sorted(self._problems, key=lambda one: (one.source, one.line))
        digests = tuple(
            hashlib.sha256(source.text).hexdigest() for source in self._sources
        )
        meta = {
            "clearward": __version__,
            "sources": [
                (_base(source.label), source.kind, digest, self._counts[source.number])
                for source, digest in zip(self._sources, digests, strict=True)
            ],
            "left": left,
            "unusable": len(problems),
            "same": repeated,
        }
        image = builder.finish(
            meta,
            serialised(yara) if yara is not None else None,
            {Listing.YARA: listing(yara, marks, version)} if yara is not None else None,
        )
        table = Table((), tuple(problems), digests, left=tuple(sorted(left.items())))
        return Made(image, table)

    def _yara(self, marks: Sequence[bytes]) -> YaraRules | None:
        sources = [source for source in self._sources if source.kind == "yara"]
        if not sources:
            return None
        self._tell("compiling YARA rules", len(sources))
        rules, problems = compile_yara(sources, 0, marks=marks)
        self._problems += problems
        if rules is not None:
            self._counts.update(name.source for name in rules.names)
        return rules

    def _lists(self, builder: Builder) -> None:
        for source in self._sources:
            if source.kind in hashes.SIZES:
                for line in hashes.lines(source):
                    if isinstance(line, Problem):
                        self._problems.append(line)
                    else:
                        builder.add_listed(*line)
                        self._counts[source.number] += 1
                        self._count("reading lists of digests")

    def _databases(
        self, builder: Builder, names: Sequence[str]
    ) -> tuple[Counter[str], int]:
        """Add what databases hold; return what was left out, and repeated names."""
        self._tell("reading signatures", 0)
        read = Databases(self._sources, unwanted=True, by_source=self._counts)
        seen = set(names)
        repeated = len(names) - len(seen)
        for signature in read.signatures:
            builder.add(signature)
            if not isinstance(signature, Link):  # links share the names of their rules
                repeated += signature.name in seen
                seen.add(signature.name)
            self._count("choosing anchors")
        read.signatures.clear()
        for digest in read.quick_digests(partial(self._adder, builder)):
            builder.add(digest)
        for refused in builder.refused:
            read.left[refused.message] += 1
        self._problems += read.problems
        return read.left, repeated

    def _adder(self, builder: Builder, reader: DigestReader) -> Adder:
        """Return what takes most lines of a list of digests."""
        self._tell("reading digests", 0)
        return builder.digest_adder(
            reader.of, allows=reader.allows, unwanted=reader.unwanted
        )

    def _count(self, doing: str) -> None:
        self._done[doing] += 1
        if self._done[doing] % _STEP == 0:
            self._tell(doing, self._done[doing])


def _base(label: str) -> str:
    """Return the last component of a path."""
    return label.rpartition("/")[2]
