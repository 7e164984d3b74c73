"""Put compiled images in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clearward.core.image_frame import DIGEST_AT, HEADER
from clearward.core.names import ImageRules
from clearward.native.errors import BadImage
from clearward.native.layout import Listing, Section
from clearward.rules.hashes import Digests
from clearward.rules.image.meta import read_meta
from clearward.rules.image_source import ImageSource
from clearward.rules.signatures import Signatures
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules
from clearward.rules.yara_image import load_yara


class Unsound(ValueError):
    """An image that cannot be used. The message names it and says why."""


@dataclass(frozen=True, slots=True)
class Using:
    """What images are loaded with.

    Attributes:
        marks: bytes that `RuleSet.look` tells about.
        version: of yara-x.
        describe: put what the rules say about themselves into the table.
        unwanted: rules of the potentially unwanted kinds are in force, too.
        check: also compile what is else compiled when it is first asked for.
    """

    marks: Sequence[bytes] = ()
    version: str = ""
    describe: bool = False
    unwanted: bool = False
    check: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """One image in force.

    Attributes:
        signatures: what looks at parts by their type.
        asks: it has something to look for so; an image of YARA rules has nothing.
        digests: plain lists.
        yara: its YARA rules, if it has any.
        rules: what to tell about it.
        digest: its SHA-256 as its header says it, hexadecimal.
        partitions: of its YARA rules.
    """

    signatures: Signatures
    digests: tuple[Digests, ...]
    yara: YaraRules | None
    rules: ImageRules
    digest: str
    partitions: int = 0
    asks: bool = True


def load_images(
    images: Iterable[ImageSource], first: int, using: Using
) -> list[Loaded]:
    """Check images, and put them in force.

    Args:
        images: mapped; they have to stay.
        first: number of the first rule of the first one.
        using: see there.

    Raises:
        Unsound: one of them cannot be used.
    """
    loaded: list[Loaded] = []
    partitions = 0  # of YARA rules
    for image in images:
        try:
            made = _load(image, first, partitions, using)
        except BadImage as error:
            raise Unsound(f"{image.label}: {error}") from error
        loaded.append(made)
        first += made.rules.count
        partitions += made.partitions
    return loaded


def _load(source: ImageSource, first: int, before: int, using: Using) -> Loaded:
    signatures = Signatures(
        source.data, first, unwanted=using.unwanted, check_digest=False
    )
    if using.check:
        signatures.check_regexes()
    yara = None
    sections = signatures.image.sections(Section.YARA)
    if sections:
        yara = load_yara(
            sections,
            signatures.image.section(Section.LISTS, Listing.YARA),
            Source(source.number, source.label, "yara", source.origin, b""),
            first,
            marks=using.marks,
            version=using.version,
            describe=using.describe,
            check=using.check,
            before=before,
        )
        if len(yara.names) > signatures.rules:
            raise BadImage("it has more YARA rules than rules")
    meta = read_meta(signatures.image.section(Section.META))
    rules = ImageRules(
        source.number,
        first,
        signatures.rules,
        tuple(yara.names) if yara is not None else (),
        0 if using.unwanted else signatures.unwanted,
        meta.unusable,
        meta.duplicates,
        _kinds(signatures, yara),
        meta.left,
        meta.sources,
    )
    digest = source.data[DIGEST_AT : HEADER.size].hex()
    return Loaded(
        signatures,
        signatures.lists(),
        yara,
        rules,
        digest,
        len(sections),
        _asks(signatures),
    )


def _asks(signatures: Signatures) -> bool:
    """Say whether there is anything but YARA rules and plain lists of digests."""
    image = signatures.image
    return (
        bool(signatures.partitions)
        or any(known.count and not known.listed for known in image.hashes.values())
        or any(
            len(data)
            for number, data in image.sections(Section.LISTS).items()
            if number != Listing.YARA
        )
    )


def _kinds(
    signatures: Signatures, yara: YaraRules | None
) -> tuple[tuple[str, int], ...]:
    """Return how many rules there are of each kind."""
    image = signatures.image
    named = len(yara.names) if yara is not None else 0
    listed = sum(known.count for known in image.hashes.values() if known.listed)
    others = max(signatures.rules - named - listed, 0)
    counts = (("clamav", others), ("digest", listed), ("yara", named))
    return tuple((kind, count) for kind, count in counts if count)
