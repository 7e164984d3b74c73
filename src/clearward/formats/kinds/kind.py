"""Say what kind of file a part is, with the evidence for it.

In this order, and the first that knows it wins; a file's name is never asked:

    1. formats that open the part from its first byte, but archives, compound files and
       documents by what is in them (`packages`)
    2. bytes at their places (``magics.txt``)
    3. fields that agree with each other (`inside`)
    4. formats that begin later
    5. text, by its first line or by words of languages (`words`)

This tells a person what was looked at. What is opened does not depend on it: that is
decided by `formats.identify`, which may name several formats.
"""

from collections.abc import Iterable

from clearward.core import kinds
from clearward.core.kinds import MOST_EVIDENCE, How, Kind
from clearward.core.reader import Reader
from clearward.formats.format import Format
from clearward.formats.kinds import inside, packages, words
from clearward.formats.kinds.magics import by_magic

# Formats that may stand in a part of any kind, or that are told better otherwise.
_WITHIN = frozenset(
    {
        *("appimage", "binhex", "cards", "constants", "elfsections", "embedded"),
        *("embedded-program", "fat", "flatxml", "gpt", "gpt4k", "html", "installer"),
        *("macho-fat", "machoencrypted", "macrosheet", "mbr", "netbundle"),
        *("odfencrypted", "ole", "overlay", "packed", "resources", "scripts"),
        *("selfextracting", "shellarchive", "swf", "upx", "uuencode", "zip"),
    }
)
BEFORE = (packages.archive, packages.compound, *inside.BEFORE)
_SHOWN = {"pdfbare": "pdf"}
_LATER = ("binhex", "zip", "fat", "mbr", "gpt", "gpt4k")


def kind_of(head: bytes, reader: Reader, formats: Iterable[Format] = ()) -> Kind:
    """Return what a part is.

    Args:
        head: the first 64 KiB of the part, or all of a shorter one.
        reader: the whole part, or as much of the front of it as there is.
        formats: what `identify` said about the part.
    """
    if not head:
        return Kind("empty", How.STRUCTURE)
    found = _told(head, reader, [each.name for each in formats])
    if found.evidence and len(found.evidence) > MOST_EVIDENCE:
        cut = found.evidence[:MOST_EVIDENCE]
        found = Kind(found.name, found.how, found.offset, cut)
    return found


def _told(head: bytes, reader: Reader, names: list[str]) -> Kind:
    sure = inside.told(head, reader, BEFORE)
    if sure is not None and sure.name not in ("dos", "pgpsignature"):
        return sure
    for name in names:
        if name not in _WITHIN and kinds.number(name):
            return _shown(name, head, reader)
    return (
        by_magic(head, reader)
        or sure
        or inside.told(head, reader, inside.BEHIND)
        or words.by_shebang(head)
        or _later(head, names)
        or words.by_words(head)
        or Kind(kinds.UNKNOWN, How.NOTHING)
    )


def _shown(name: str, head: bytes, reader: Reader) -> Kind:
    """Return the kind of a format that was recognised."""
    if name == "rtf" and head.startswith(b"rtfd"):
        return Kind("rtfd", How.MAGIC, 0, head[:4])
    if name == "rtf" and not head[:20].strip().startswith(b"{\\rtf"):
        return words.by_words(head) or Kind(name, How.MAGIC, 0, head[:4])
    if name == "mail" and head.lower().find(b"\ncontent-type: multipart/related") >= 0:
        name = "mht" if _is_saved(head) else name
    magic = by_magic(head, reader)
    shown = head[:4] if magic is None else magic.evidence
    return Kind(_SHOWN.get(name, name), How.STRUCTURE, 0, shown)


def _is_saved(head: bytes) -> bool:
    front = head[:4096].lower()
    return b"\nsnapshot-content-location:" in front or b"saved by " in front[:200]


def _later(head: bytes, names: list[str]) -> Kind | None:
    for name in _LATER:
        if name in names:
            return Kind(name, How.STRUCTURE)
    if "uuencode" in names and words.text_of(head) is not None:
        told = words.by_words(head)
        plain = told is None or told.name == "txt"
        return Kind("uuencode", How.STRUCTURE) if plain else told
    return None
