"""Signatures, digests and names as one rule image.

Rule numbers: those of the given names first (code, YARA rules), then signatures in
their order, then digests, by set and in order of their bytes. What cannot be laid out
is refused, gets no number, and is told.

The same input makes the same bytes on every machine: nothing here depends on time,
place, hashing of strings or the order of a set.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clearward.native.layout import SIGNATURE, Section
from clearward.rules.clamav.listed import (
    LINKS,
    DigestSignature,
    Icon,
    Link,
    Magic,
    MemberSignature,
    Of,
)
from clearward.rules.clamav.model import Signature
from clearward.rules.image.anchors import Anchors
from clearward.rules.image.container import Chunk, Container
from clearward.rules.image.digests import Adder, DigestSets
from clearward.rules.image.encode import Encoder, flags_of
from clearward.rules.image.frequencies import Frequencies, shipped
from clearward.rules.image.lists import Lists
from clearward.rules.image.names import Names, encode_name
from clearward.rules.image.partition import Partition
from clearward.rules.image.shorts import Shorts
from clearward.rules.image.texts import Texts, Types
from clearward.rules.image.unusable import Unusable
from clearward.rules.image.words import words

Item = Signature | DigestSignature | MemberSignature | Icon | Link | Magic


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the layout has no room for.

    Attributes:
        name: of the signature.
        line: in its source, counted from 1.
        message: why, in one line.
    """

    name: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Image:
    """A rule image, ready to be written.

    Attributes:
        chunks: the file, in this order; large, so they are not joined here.
        statistics: what META says about it under ``"image"``.
        refused: what is not in it.
    """

    chunks: list[Chunk]
    statistics: dict[str, object]
    refused: list[Refusal]

    def __bytes__(self) -> bytes:
        return b"".join(self.chunks)


class Builder:
    """Takes signatures and digests as they come, and keeps none of them as it is.

    Args:
        names: of the rules with the lowest numbers.
        frequencies: what anchors and keys are chosen by; the shipped table if None.

    Attributes:
        refused: what could not be taken.
    """

    def __init__(
        self, names: Iterable[str] = (), frequencies: Frequencies | None = None
    ) -> None:
        self.refused: list[Refusal] = []
        self._frequencies = frequencies or shipped()
        self._encoder = Encoder(self._frequencies, Types(), Texts())
        self._names = Names(names)
        self._records = bytearray()
        self._programs = bytearray()
        self._partitions: dict[int, Partition] = {}
        self._digests = DigestSets()
        self._lists = Lists()
        self._first_link = -1  # number of the first rule about links

    def add(self, signature: Item) -> None:
        """Take one, or refuse it."""
        try:
            if isinstance(signature, DigestSignature):
                self._digests.add(signature)
            elif isinstance(signature, MemberSignature):
                self._lists.add_member(len(self._names), signature)
                self._names.extend([encode_name(signature.name)])
            elif isinstance(signature, Icon):
                self._lists.add_icon(signature)
            elif isinstance(signature, Link):
                self._add_link(signature)
            elif isinstance(signature, Magic):
                self._lists.add_magic(signature)
            else:
                self._add_signature(signature)
        except Unusable as error:
            name = "" if isinstance(signature, Link) else signature.name
            refusal = Refusal(name, signature.line, str(error))
            self.refused.append(refusal)

    def _add_link(self, link: Link) -> None:
        if self._first_link < 0:
            self._first_link = len(self._names)
            self._names.extend([encode_name(name) for name in LINKS])
        self._lists.add_link(self._first_link, link)

    def digest_adder(self, of: Of, *, allows: bool, unwanted: bool) -> Adder:
        """Return what takes many digests of one kind; see `DigestSets.adder`."""
        return self._digests.adder(of, allows=allows, unwanted=unwanted)

    def add_listed(self, digest: bytes, name: str) -> None:
        """Take a digest of a plain list; it has a length that an algorithm has.

        Args:
            digest: of a whole part.
            name: printable; empty for a digest that has none.
        """
        self._digests.add_listed(digest, encode_name(name))

    def _add_signature(self, signature: Signature) -> None:
        program = self._encoder.encode(signature)
        handler = self._encoder.types.number(signature.handler)
        index = len(self._records) // SIGNATURE.size
        self._records += SIGNATURE.pack(
            len(self._names),
            flags_of(signature),
            len(self._programs),
            len(program),
            signature.target,
            len(signature.subs),
            handler,
        )
        self._programs += program
        self._names.extend([encode_name(signature.name)])
        if signature.target not in self._partitions:
            chooser = Anchors(self._frequencies), Shorts(self._frequencies)
            self._partitions[signature.target] = Partition(*chooser)
        self._partitions[signature.target].add(index, signature)

    def finish(
        self,
        meta: Mapping[str, object] | None = None,
        yara: Mapping[int, bytes] | None = None,
        lists: Mapping[int, bytes] | None = None,
    ) -> Image:
        """Return the image. Nothing can be added, or finished, after this.

        Args:
            meta: what `rules info` shows, values that JSON has.
            yara: for each partition the rules as yara-x serialises them.
            lists: further ones that are evaluated outside of the matcher, by `Listing`.
        """
        container = Container()
        self._lay_signatures(container)
        partitions = self._lay_partitions(container)
        listed = len(self._names)
        for which, (count, chunks) in enumerate(self._digests.encode(self._names)):
            container.add(Section.HASHES, chunks, count, which)
        for which, rules in sorted((yara or {}).items()):
            container.add(Section.YARA, [rules], len(rules), which)
        for listing, data in sorted([*self._lists.encode(), *(lists or {}).items()]):
            container.add(Section.LISTS, [data], len(data), listing)
        container.add(Section.NAMES, self._names.encode(), len(self._names))
        statistics: dict[str, object] = {
            "signatures": len(self._records) // SIGNATURE.size,
            "digests": len(self._names) - listed,
            "duplicates": self._digests.duplicates,
            "refused": len(self.refused),
            "partitions": partitions,
        }
        told = {**(meta or {}), "image": statistics}
        text = json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")
        container.add(Section.META, [text], len(text))
        return Image(container.chunks(len(self._names)), statistics, self.refused)

    def _lay_signatures(self, container: Container) -> None:
        count = len(self._records) // SIGNATURE.size
        container.add(Section.SIGNATURES, [self._records], count)
        container.add(Section.PROGRAMS, [self._programs], len(self._programs))
        types, texts = self._encoder.types, self._encoder.texts
        container.add(Section.TYPES, [types.encode()], len(types))
        container.add(Section.TEXTS, [texts.data], len(texts.data))

    def _lay_partitions(self, container: Container) -> dict[str, dict[str, int]]:
        statistics: dict[str, dict[str, int]] = {}
        for number in sorted(self._partitions):
            laid = self._partitions.pop(number).lay()
            if laid.prefilter is not None:
                count, chunks = laid.prefilter
                container.add(Section.PREFILTER, chunks, count, number)
            if laid.always:
                count = len(laid.always)
                container.add(Section.ALWAYS, [words(laid.always)], count, number)
            statistics[str(number)] = laid.statistics
        return statistics


def build(  # noqa: PLR0917 - what an image is made of
    signatures: Iterable[Item],
    digests: Iterable[DigestSignature] = (),
    names: Iterable[str] = (),
    meta: Mapping[str, object] | None = None,
    yara: Mapping[int, bytes] | None = None,
    frequencies: Frequencies | None = None,
) -> Image:
    """Return the image of signatures and digests, each read once; see `Builder`."""
    builder = Builder(names, frequencies)
    for signature in signatures:
        builder.add(signature)
    for digest in digests:
        builder.add(digest)
    return builder.finish(meta, yara)
