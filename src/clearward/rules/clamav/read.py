"""ClamAV's databases, from the bytes of a source to what they say.

Every kind of text has a reader, which gets a line and its number. A line that cannot
be read is a problem, and the rest goes on; what is left out on purpose is counted. So
the lines of a source, comments aside, are the signatures, problems and `Left` that
come of it, and nothing is dropped in silence.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from clearward.core.names import Problem
from clearward.rules.clamav import containers
from clearward.rules.clamav.digests import DigestReader
from clearward.rules.clamav.extended import read_extended
from clearward.rules.clamav.fault import Left, LeftOut, Why, Wrong
from clearward.rules.clamav.icons import read_icon
from clearward.rules.clamav.ignored import IgnoreList, read_ignored
from clearward.rules.clamav.lines import LONGEST, lines
from clearward.rules.clamav.links import read_link
from clearward.rules.clamav.listed import (
    DigestSignature,
    Icon,
    Ignored,
    Link,
    Magic,
    MemberSignature,
    Of,
)
from clearward.rules.clamav.logical import read_logical
from clearward.rules.clamav.magics import read_magic
from clearward.rules.clamav.members import read_member
from clearward.rules.clamav.model import Signature
from clearward.rules.clamav.seal import CLAMAV, Keys
from clearward.rules.source import Source

Item = Signature | DigestSignature | MemberSignature | Icon | Magic | Link | Ignored

DIGEST_READERS = {
    "hdb": DigestReader(),
    "hsb": DigestReader(),
    "hdu": DigestReader(unwanted=True),
    "hsu": DigestReader(unwanted=True),
    "fp": DigestReader(allows=True),
    "sfp": DigestReader(allows=True),
    "mdb": DigestReader(Of.SECTION),
    "msb": DigestReader(Of.SECTION),
    "mdu": DigestReader(Of.SECTION, unwanted=True),
    "msu": DigestReader(Of.SECTION, unwanted=True),
    "imp": DigestReader(Of.IMPORTS),
}
READERS: dict[str, Callable[[str, int], Item]] = {
    **{kind: reader.read for kind, reader in DIGEST_READERS.items()},
    "ndb": partial(read_extended, unwanted=False),
    "ndu": partial(read_extended, unwanted=True),
    "ldb": partial(read_logical, unwanted=False),
    "ldu": partial(read_logical, unwanted=True),
    "cdb": read_member,
    "idb": read_icon,
    "ftm": read_magic,
    "pdb": partial(read_link, allows=False),
    "wdb": partial(read_link, allows=True),
    "ign": read_ignored,
    "ign2": read_ignored,
}
UNWANTED = frozenset({"hdu", "hsu", "mdu", "msu", "ndu", "ldu"})
WHOLE = frozenset({"cbc"})  # kinds of which a file is one signature
NOTHING = IgnoreList()
KINDS = frozenset(READERS) | containers.KINDS | WHOLE | {"crb"}


def read(
    source: Source,
    *,
    unwanted: bool,
    ignored: IgnoreList = NOTHING,
    keys: Keys = CLAMAV,
) -> Iterator[Item | Problem | Left]:
    """Yield what a source says, line by line; of a container, file by file.

    Args:
        source: its kind is the ending of its file's name, without the dot. One that is
            unknown is left out as a whole.
        unwanted: also what is potentially unwanted.
        ignored: signatures to leave out.
        keys: who has to have signed a container.

    Yields:
        Signatures and the like; problems, which are fatal if nothing of the source may
        be used (and then stand alone); and what was left out, and why.
    """
    if source.kind not in containers.KINDS:
        yield from _read_text(source, ignored, unwanted=unwanted)
        return
    for member in containers.unpack(source, keys):
        if isinstance(member, Problem):
            yield member
            return
        title = member.label.rpartition("/")[2]
        for found in _read_text(member, ignored, unwanted=unwanted):
            if isinstance(found, Problem):
                yield replace(found, message=f"{title}: {found.message}")
            else:
                yield found


def _read_text(
    source: Source, ignored: IgnoreList, *, unwanted: bool
) -> Iterator[Item | Problem | Left]:
    kind, number = source.kind, source.number
    reader = READERS.get(kind)
    if reader is None or (kind in UNWANTED and not unwanted):
        why = Why.UNSUPPORTED if reader is None else Why.UNWANTED
        count = 1 if kind in WHOLE else sum(1 for _ in lines(source.text))
        if count:
            yield Left(number, kind, why, count=count)
        return
    for place, line in lines(source.text):
        if line is None:
            message = f"{kind}: a line of more than {LONGEST} bytes"
            yield Problem(number, place, 0, message, fatal=False)
            continue
        try:
            item = reader(line, place)
            if _is_left_out(item, line, ignored):
                yield Left(number, kind, Why.IGNORED, place)
            else:
                yield item
        except LeftOut as left:
            yield Left(number, kind, left.why, place)
        except Wrong as wrong:
            message = f"{kind}: {wrong}"
            yield Problem(number, place, wrong.field, message, fatal=False)


def _is_left_out(item: Item, line: str, ignored: IgnoreList) -> bool:
    """Say whether an ignore list names an item; links have no names."""
    return not isinstance(item, Link | Ignored) and ignored.holds(item.name, line)
