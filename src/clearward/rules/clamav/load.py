"""Load ClamAV's databases: everything that all sources say together.

What one source says to leave out (.ign, .ign2) holds for all of them. Digests, of which
there may be millions, are read when they are asked for, and not kept.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from clearward.core.names import Problem
from clearward.native.layout import Condition
from clearward.rules.clamav.fault import Left
from clearward.rules.clamav.lines import lines
from clearward.rules.clamav.listed import DigestSignature, Ignored
from clearward.rules.clamav.model import Image, Signature
from clearward.rules.clamav.read import KINDS, Item, read
from clearward.rules.source import Source

# Kinds of text that hold nothing but digests.
DIGESTS = frozenset(
    ("hdb", "hsb", "hdu", "hsu", "fp", "sfp", "mdb", "msb", "mdu", "msu", "imp")
)
NOT_YET = "not evaluated in this version yet"


class Databases:
    """What the sources of ClamAV's kinds say.

    Args:
        sources: of any kind; others are passed over.
        unwanted: also what is potentially unwanted.

    Attributes:
        signatures: those that look at bytes.
        problems: what cannot be used, once it was read.
        left: how much is left out on purpose, by kind and reason, likewise.
        origins: number of the source of each name, of several the first.
    """

    def __init__(self, sources: Sequence[Source], *, unwanted: bool) -> None:
        self._unwanted = unwanted
        self.problems: list[Problem] = []
        self.left: Counter[str] = Counter()
        self.origins: dict[str, int] = {}
        mine = [source for source in sources if source.kind in KINDS]
        self._lists = [source for source in mine if source.kind in DIGESTS]
        others = [source for source in mine if source.kind not in DIGESTS]
        self._kept: list[DigestSignature] = []  # from containers
        self._ignored: dict[str, set[bytes | None]] = {}
        read_from = [(item, source) for source in others for item in self._read(source)]
        self.signatures = [
            item
            for item, source in read_from
            if isinstance(item, Signature) and not self._is_ignored(item, source)
        ]

    @property
    def empty(self) -> bool:
        """There is neither a signature nor a list of digests."""
        return not (self.signatures or self._kept or self._lists)

    def digests(self) -> Iterator[DigestSignature]:
        """Yield what the lists of digests say. Ask once: problems are noted again."""
        for kept in self._kept:
            if None not in self._ignored.get(kept.name, ()):
                yield kept
        for source in self._lists:
            for item in self._read(source, keep=False):
                if isinstance(item, DigestSignature) and not self._is_ignored(
                    item, source
                ):
                    yield item

    def _read(self, source: Source, *, keep: bool = True) -> Iterator[Item]:
        """Yield what can be used; note what cannot."""
        for item in read(source, unwanted=self._unwanted):
            if isinstance(item, Problem):
                self.problems.append(item)
            elif isinstance(item, Left):
                self.left[f"{item.kind}: {item.why.value}"] += item.count
            elif isinstance(item, Ignored):
                self._ignored.setdefault(item.name, set()).add(item.digest)
            elif not isinstance(item, Signature | DigestSignature):
                self.left[f"{_KINDS_OF[type(item).__name__]}: {NOT_YET}"] += 1
            elif isinstance(item, Signature) and not _is_evaluated(item):
                self.left[f"pictures: {NOT_YET}"] += 1
            else:
                self.origins.setdefault(item.name, source.number)
                if keep and isinstance(item, DigestSignature):
                    self._kept.append(item)
                yield item

    def _is_ignored(self, item: Signature | DigestSignature, source: Source) -> bool:
        digests = self._ignored.get(item.name)
        if digests is None:
            return False
        return None in digests or _digest_of_line(source, item.line) in digests


# Kinds whose lines are understood and have no effect yet.
_KINDS_OF = {
    "MemberSignature": "cdb",
    "Icon": "idb",
    "Magic": "ftm",
    "Link": "pdb, wdb",
}


def _is_evaluated(signature: Signature) -> bool:
    """Say whether everything that a signature asks for can be answered."""
    if any(isinstance(sub, Image) for sub in signature.subs):
        return False
    return all(demand.kind is not Condition.ICONS for demand in signature.demands)


def _digest_of_line(source: Source, wanted: int) -> bytes:
    """Return the MD5 of a line without its end."""
    for place, line in lines(source.text):
        if place == wanted and line is not None:
            text = line.encode("latin-1")
            return hashlib.md5(text, usedforsecurity=False).digest()
    return b""
