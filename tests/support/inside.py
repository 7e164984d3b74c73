"""What a whole scan says about the inside of a file: ways, gaps and links.

Every claim about a kind of file is tried as a person meets it: the file goes through
the engine with a rule, and the way to the marker is read from the explanation.
"""

import time
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from struct import pack

from clearward.core.explanation import Explanation
from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.scan import Engine
from clearward.formats import opened
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

MARK = b"the marker of this test stands here"
RULE = f'rule Marker {{ strings: $a = "{MARK.decode()}" condition: $a }}'


@dataclass(frozen=True)
class Seen:
    """What an explained scan tells.

    Attributes:
        ways: to each place where the marker is, names joined with " > ".
        parts: the ways to all parts whose kind is told.
        unread: the way to each gap, and its reason.
        links: what is asked of the network.
        reasons: of the whole file.
    """

    ways: frozenset[str]
    parts: frozenset[str]
    unread: dict[str, Reason]
    links: frozenset[str]
    reasons: Reason


def _engine() -> Engine:
    opened.load()
    source = Source(0, "marker.yar", "yara", "local", RULE.encode())
    rules, _ = compile_rules([source], test_file=False)
    return Engine(rules, Limits(), time.monotonic)


_ENGINE = _engine()


def seen(data: bytes) -> Seen:
    """Return what a scan of a file tells."""
    result = _ENGINE.scan(Reader.of(data), explain=True)
    told = result.explanation
    assert told is not None
    return Seen(
        frozenset(_way(told, each.place) for each in told.matches),
        frozenset(_way(told, each.place) for each in told.types),
        {_way(told, place): reason for place, reason in told.unread},
        frozenset(each.target.decode("latin-1") for each in told.asked),
        result.reasons,
    )


def _way(told: Explanation, place: int) -> str:
    names = []
    while place:
        here = told.places[place]
        names.append(here.name.decode("utf-8", "backslashreplace"))
        place = here.parent
    return " > ".join(reversed(names))


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of packed members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def cabinet(name: bytes, content: bytes) -> bytes:
    """A cabinet of one file in MSZIP (MS-CAB 2)."""
    body = zlib.compressobj(wbits=-15)
    block = b"CK" + body.compress(content) + body.flush()
    data = pack("<IHH", 0, len(block), len(content)) + block
    file = pack("<IIHHHH", len(content), 0, 0, 0x5A00, 0, 0x20) + name + b"\0"
    start = 36 + 8 + len(file)
    sizes = (0, start + len(data), 0, 44, 0)
    head = b"MSCF" + pack("<IIIIIBBHHHHH", *sizes, 3, 1, 1, 1, 0, 1, 0)
    return head + pack("<IHH", start, 1, 1) + file + data
