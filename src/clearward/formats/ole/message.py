"""Mail of Outlook: its text, where it is compressed, and the names of attachments.

Attachments and other texts are streams that stand as they are (MS-OXMSG 2.2.2 and 2.4):
number 3701 is what is attached, 1000 the plain text, 1013 the page, 1009 compressed
RTF. The name of a file stands beside it in its storage: 3707 the long one, 3704 the
short one, 3001 what is shown; in UTF-16 (001F) or in letters of one byte (001E).
"""

from collections.abc import Callable, Iterable, Iterator

from clearward.core.part import Item, Part
from clearward.core.reader import Reader, Stream
from clearward.formats.mapi import rich
from clearward.formats.ole.directory import Entry, Placed

ATTACHED = "__substg1.0_37010102"
NAMES = {  # the best last
    f"__substg1.0_{number}{kind}": kind == "001F"
    for number in ("3001", "3704", "3707")
    for kind in ("001E", "001F")
}
LONGEST_NAME = 1024  # bytes


def rich_text(packed: Reader) -> Iterator[Item]:
    """Yield the text as RTF; names of properties are kept under the same number."""
    if packed.at(8, 4) in (rich.PACKED, rich.PLAIN):
        yield Part(Stream(rich.expand(packed, "ole")), b"body.rtf", packed=packed.size)


def attached(
    entries: Iterable[Placed], read: Callable[[Entry], bytes]
) -> dict[int, bytes]:
    """Return the way to each attached file that has a name, by number of its entry.

    Args:
        entries: of a compound file.
        read: returns the front of the content of an entry.
    """
    files: dict[int, Placed] = {}
    names: dict[int, dict[str, Entry]] = {}
    for each in entries:
        if each.entry.name == ATTACHED:
            files[each.storage] = each
        elif each.entry.name in NAMES:
            names.setdefault(each.storage, {})[each.entry.name] = each.entry
    ways = {}
    for storage, file in files.items():
        known = names.get(storage, {})
        best = next((known[name] for name in reversed(NAMES) if name in known), None)
        name = _shown(read(best), wide=NAMES[best.name]) if best is not None else b""
        if name:
            above = file.path.split(b"/")[:-2]
            ways[file.entry.number] = b"/".join((*above, name))
    return ways


def _shown(data: bytes, *, wide: bool) -> bytes:
    data = data[:LONGEST_NAME]
    if wide:
        data = data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    return data.rstrip(b"\0")
