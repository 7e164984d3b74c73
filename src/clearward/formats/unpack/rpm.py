"""Unpack rpm packages: the scripts of the header, and the payload.

Layout, numbers big-endian (rpm(8) "Package format"; LSB Core, "Package File Format"):

    offset  length     field
    0       96         lead: magic ED AB EE DB, version, name; not used here
    96      16         signature: magic 8E AD E8 01, 4 bytes, count N, store length S
            16 * N     index: tag, type, offset in the store, count, 4 bytes each
            S          store: values; strings end with NUL
                       padding to a multiple of 8
            16 + ...   header: the same without padding at the end
                       payload to the end of the file

The payload, mostly a compressed cpio archive, is one part: what it is shows in its own
first bytes. One that starts like nothing known is also a gap.

The store of the header is a part as well, though it is not compressed, and so is every
script in it: a rule for scripts looks at how a part begins and how long it is, and a
package is neither short nor begins like a script.
"""

from collections.abc import Generator, Iterator
from struct import unpack_from

from clearward.core.errors import Malformed, Truncated
from clearward.core.limits import MIB
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Forward, Reader
from clearward.core.reasons import Reason
from clearward.formats.rewind import Rewind

NAME = "rpm"
MAGIC = b"\xed\xab\xee\xdb"
MAGICS = (MAGIC,)
LEAD_SIZE = 96
HEADER_MAGIC = b"\x8e\xad\xe8"
ENTRY = 16
ENDLESS = 1 << 64
STORE_MOST = 32 * MIB  # bytes of a store in which scripts are looked for
SCRIPTS_MOST = 4096  # strings that are looked at as scripts
INDEX_MOST = 1 * MIB  # bytes of an index; rpm itself takes no more than 65,535 entries

# Tags whose values are run. Source: rpm, "Tags", scriptlets and triggers.
SCRIPTS = frozenset(
    {1023, 1024, 1025, 1026, 1065, 1079, 1151, 1152, 5066, 5076, 5103, 5104}
)
STRINGS = frozenset({6, 8, 9})  # types: one, many, many languages

# How the payloads begin that rpm has ever written: gzip, bzip2, xz, zstd, lzma, cpio.
PAYLOADS = (
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\x5d\0\0",
    b"0707",
)


def recognises(head: bytes, reader: Reader) -> bool:  # noqa: ARG001
    """Say whether a part that starts with `head` is an rpm package."""
    return head.startswith(MAGIC)


def unpack(package: Forward) -> Iterator[Item]:
    """Yield signature, header, scripts and payload.

    Raises:
        Malformed: a header is not where it should be. What lies there is yielded.
        Truncated: the package ends before its payload.
    """
    source = Rewind(package)
    source.skip(LEAD_SIZE)
    size = yield from _header(source, b"signature")
    source.skip(-size % 8)
    yield from _header(source, b"header")
    start = source.take(6)
    if not start:
        raise Truncated(NAME, source.offset, "payload")
    source.give_back(start)
    yield Part(source.part(ENDLESS), b"payload")
    if not start.startswith(PAYLOADS):
        yield Gap(Reason.UNSUPPORTED, b"payload")


def _header(source: Rewind, name: bytes) -> Generator[Item, None, int]:
    """Yield the store of a header and its scripts; return the store's length."""
    at = source.offset
    intro = source.take(ENTRY)
    if len(intro) < ENTRY or not intro.startswith(HEADER_MAGIC):
        source.give_back(intro)
        yield Part(source.part(ENDLESS), b"trailing")
        if len(intro) < ENTRY:
            raise Truncated(NAME, at, "header length")
        raise Malformed(NAME, at, "header magic")
    index_size = ENTRY * int.from_bytes(intro[8:12], "big")
    store_size = int.from_bytes(intro[12:16], "big")
    end = source.offset + index_size + store_size
    if index_size > INDEX_MOST or store_size > STORE_MOST:
        yield Part(source.part(index_size + store_size), name)
        yield Gap(Reason.MEMORY_LIMIT, name)
    else:
        index = source.take(index_size)
        store = source.take(store_size)
        yield Part(Reader.of(store), name)
        yield from _scripts(index, store)
    if not source.reach(end):
        raise Truncated(NAME, source.offset, "header length")
    return store_size


def _scripts(index: bytes, store: bytes) -> Iterator[Item]:
    """Yield every script that the index names.

    None overlaps another in an honest package; what does is a gap, so that the scripts
    together are never longer than the store.
    """
    looked_at = free = 0
    for start, count in sorted(_values(index)):
        if start < free:
            yield Gap(Reason.CORRUPT, b"script")
            continue
        free = start
        for _ in range(count):
            if free >= len(store):
                break
            looked_at += 1
            if looked_at > SCRIPTS_MOST:
                yield Gap(Reason.PARTS_LIMIT, b"script")
                return
            end = store.find(b"\0", free)
            script = store[free : end if end >= 0 else len(store)]
            free += len(script) + 1
            if script:
                yield Part(Reader.of(script), b"script")


def _values(index: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and count of the values of every tag that holds scripts."""
    for at in range(0, len(index) - ENTRY + 1, ENTRY):
        tag, kind, start, count = unpack_from(">4I", index, at)
        if tag in SCRIPTS and kind in STRINGS:
            yield start, count
