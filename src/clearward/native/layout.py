r"""The rule image: one flat file that holds compiled rules, and how it is laid out.

It is written by `rules.image`, checked and read by `reference` (in plain Python, the
specification) and by the extension (`image.c`, `prefilter.c`, `verify.c`, `hashes.c`),
and mapped read-only by every worker. Offsets count from the start of the file, never
pointers; integers are little-endian; sections begin at multiples of 64 and do not
overlap. Nothing in it is ever executed as machine code.

Header, 64 bytes:

    0   8   MAGIC
    8   4   VERSION
    12  4   number of sections, at most MOST_SECTIONS
    16  8   length of the whole file
    24  8   number of rules: every rule number in the file is below it
    32  32  SHA-256 of the whole file, these 32 bytes taken as zero

then for each section 32 bytes, ascending by (kind, which), each pair at most once:

    0   4   kind, one of `Section`
    4   4   which: partition (a ClamAV target, 0 to 14), or number of a hash set
    8   8   offset
    16  8   length in bytes
    24  8   count of what is inside, see below

SIGNATURES (count = records of 32 bytes; a signature is known by its index here):

    0   4   rule number
    4   4   flags, see `Flag`
    8   8   offset of its program in PROGRAMS
    16  4   length of its program
    20  1   target (ClamAV's number)
    21  1   sub-signatures, at most 64
    22  2   type as which the part is scanned again, or 0; then it is no alert
    24  8   zero

PROGRAMS (count = bytes). Programs stand in the order of their signatures and do not
overlap. The program of a signature is, in this order:

    conditions  each: kind 1, see `Condition`; n 1; n values of 8 bytes; a kind of 0
                (and nothing else of it) ends them
    subs        each: kind 1, see `SubKind`; flags 1 (zero); zero 2; length 4; payload
    expression  length 2 (in bytes), then operations in postfix order, see `Operation`

A payload of kind BODY:

    place       24 bytes, see PLACE: where the first piece may begin
    chains      2, then zero 2; each: pieces 2, zero 2, then the pieces. Chains are
                alternatives: a match of any is a match of the sub-signature
    piece       PIECE (32 bytes), its program, padded with zeros to a multiple of 4

PIECE: least gap before it 4, most gap 4 (UNBOUNDED for any; both 0 for the first one),
length of its program 4, least bytes it takes 4, most bytes it takes 4 (never
unbounded), distance of its key from its start 4, offset of the key in its program 4,
length of the key 4 (0: no key). A key is a run of plain bytes that stands at a fixed
distance in every match: a search may look for it first.

The program of a piece is a sequence of elements, see `Element`:

    BYTES   n 2, n bytes: these
    MASKED  n 2, n values, n masks: bytes with `byte & mask == value`
    ANY     n 2: n bytes of any value
    CHOICE  negated 1, alternatives 2; each: length 2, elements (may be nested, at most
            15 deep). Not negated: any of them. Negated: they all take the same number
            of bytes; that many bytes which are none of them
    BORDER  kind 1 (see `Border`), negated 1: takes no byte as the first and the last
            element of a piece (but for NEAR), one byte elsewhere; see `borders`
    NEAR    before 1, least 1, most 1, n 1 (1 or 2), n values, n masks: takes no byte.
            n bytes like those of MASKED, between which and this place are least to
            most bytes (at most 32); they stand behind it, or before it if `before` is 1

Each begins with its number in one byte. Neither BORDER nor NEAR stands in a CHOICE, and
NEAR only in front of all else in a piece, or behind it. An alternative may be empty.
Here and in anchors no value has bits outside of its mask.

Payload of COMPARE (byte compare): sub 1, form 1 (`h` `d` `i` `a`), order 1 (`l` `b`),
exact 1, comparisons 1, zero 3, offset 8 (signed, from the start of the last match of
the sub, see `bodies`; the sub is a BODY, MACRO or an earlier REGEX), length 8, then
each comparison: operator 1 (`<` `>` `=`), zero 7, value 8 (signed).
Payload of MACRO: group 4, least 4, most 4: after a match of the sub before it, one that
is placed in the group (PLACE of kind GROUP, in the same signature) begins least to most
bytes further on. The sub before it is a BODY or MACRO.
Payload of REGEX: place 24, flags 4 (a bit for each of REGEX_LETTERS), offset in TEXTS
4, length 4 (UTF-8), then an expression with its length (the trigger). Payload of IMAGE:
8 bytes of hash, distance 4. Signatures with REGEX, IMAGE or icon conditions carry
Flag.DEFERRED: native code says only that they may match.

Operations of an expression:

    SUB     sub 1: it matched
    COUNT   sub 1, operator 1, value 4: its count of matches is `=` `<` `>` the value
    AND, OR two operands
    GROUP   operator 1, sum 4, different 4: the operand's counts add up to `=` `<` `>`
            the sum, and at least so many different subs took part (0: not asked)

What counts, and what is handed up, is said in `reference`.

PREFILTER, one for a partition (count = entries of LONG keys): bits of the bitmap 4 (10
to 24), bits of the bucket 4 (4 to 24), stride 4 (1, 2 or 4), number of short entries 4;
the bitmap (a bit for each value of `HASH(key) >> 32 - bits`); bucket starts ((1 <<
bucket bits) + 1 times 4, ascending, the last is the count); padding to 8; long entries;
then, if there are short ones: 65,537 starts of 4 and the short entries.
Long entry, 24 bytes: key 4 (four bytes of the anchor), signature 4, value 8, mask 8:
the eight bytes from the key's place on, under the mask, are the value (bytes behind the
end of the part are 0). Short entry, 8 bytes: signature 4, mask 1, third byte 1, zero 2:
the key are two bytes (its bucket), and a third under the mask.

ALWAYS, one for a partition (count = numbers of 4 bytes, ascending): signatures that no
anchor finds, so that they are verified on every part of the partition whose conditions
hold.

HASHES, one a set (count = digests): algorithm 1 (digest size: 16, 20 or 32), scope 1
(see `Scope`), flags 1 (1: sizes follow; 2: it allows what it lists; 4: of a potentially
unwanted kind; 8: of a plain list, asked about every part), index bits 1 (at most 24),
rule number of the first 4; then starts ((1 << index bits) + 1 times 4, by the leading
bits of the digest), padding to 8, digests in ascending order and, if the flag says so,
padding to 8 and sizes of 8 bytes each (ANY_SIZE for any). Equal digests may stand
several times with different sizes or names; the rule number of a digest is first + its
index.

NAMES (count = rules): offsets into the blob behind them, count + 1 times 8, ascending;
then the blob. A name is UTF-8; an empty one is the digest of that rule in hexadecimal.

META: JSON, in UTF-8: what `rules info` shows. TEXTS: what programs refer to.
TYPES (count = types): names of ClamAV types, each ended by a newline; the number of a
type is its place here, counted from 1. What is not listed is OTHER_TYPE for a part.
YARA, one for a partition: rules as yara-x serialises them.
LISTS, one for each `Listing`: JSON in UTF-8 (count = bytes), which `rules` evaluates;
native code only knows where it is.
"""

import struct
from enum import IntEnum, IntFlag

from clearward.core.image_frame import (
    ALIGNMENT,
    HASHES,
    HEADER,
    MAGIC,
    MOST_SECTIONS,
    SECTION,
    VERSION,
    Section,
)

__all__ = [  # what stands in `core` and is part of the layout
    "ALIGNMENT",
    "HASHES",
    "HEADER",
    "MAGIC",
    "MOST_SECTIONS",
    "SECTION",
    "VERSION",
    "Section",
]

MOST_SUBS = 64
MOST_NESTING = 15
MOST_STACK = 256  # operands that wait in an expression
MOST_GROUPS = 32  # of macros
MOST_OFFSET = 1 << 61  # of a place, so that sums stay far from overflow
MOST_TEXT = 255  # bytes of a number that is compared
PARTITIONS = 15
UNBOUNDED = 0xFFFFFFFF
REGEX_LETTERS = "rgeismxAEU"
ANY_SIZE = 0xFFFFFFFFFFFFFFFF
OTHER_TYPE = 0xFFFF  # a container of a type that no signature names
NOWHERE = 0xFFFFFFFFFFFFFFFF  # an offset that a part does not have
HASH_FACTOR = 0x9E3779B1  # HASH(key) is the low 32 bits of key times this

SIGNATURE = struct.Struct("<IIQIBBH8x")
PLACE = struct.Struct("<BxHIqQ")  # kind, section, group, offset, shift
PIECE = struct.Struct("<8I")
SUB = struct.Struct("<BBxxI")
COMPARE = struct.Struct("<BBBBB3xqQ")
COMPARISON = struct.Struct("<B7xq")
MACRO = struct.Struct("<III")
REGEX = struct.Struct("<III")  # behind the place
IMAGE = struct.Struct("<8sI")
PREFILTER = struct.Struct("<IIII")
LONG = struct.Struct("<IIQQ")
SHORT = struct.Struct("<IBB2x")

# What a part is, beyond its bytes: size, entry point or NOWHERE, number of the type of
# the container (0 if there is none), intermediates, sections, version strings, flags
# (1: placed); then the intermediates (2 bytes each, from the outermost in), sections
# (offset 8, raw size 8), offsets of version strings (8 each).
FACTS = struct.Struct("<QQHHIII")


class Listing(IntEnum):
    """What is evaluated outside of the matcher, as numbers of LISTS."""

    MEMBERS = 1  # what containers say about members (.cdb)
    ICONS = 2  # pictures of programs (.idb)
    MAGICS = 3  # what file types are known by (.ftm)
    LINKS = 4  # phishing lists (.pdb, .wdb)
    YARA = 16  # what goes with the sections of YARA rules


class Flag(IntFlag):
    """About a signature."""

    DEFERRED = 1  # the rest of it is decided outside native code
    UNWANTED = 2  # of a potentially unwanted kind


class Condition(IntEnum):
    """What must hold for a part before a signature is looked at."""

    END = 0
    FILE_SIZE = 1  # least, most
    ENTRY_POINT = 2  # least, most
    SECTIONS = 3  # least, most
    CONTAINER = 4  # type of the direct parent; 0 (CL_TYPE_ANY): there is none
    INTERMEDIATES = 5  # types of the innermost parents; 0 (CL_TYPE_ANY): any type
    ICONS = 6  # groups: offset in TEXTS, and length << 32; only with DEFERRED


class SubKind(IntEnum):
    """Kinds of sub-signatures."""

    BODY = 1
    REGEX = 2
    COMPARE = 3
    MACRO = 4
    IMAGE = 5


class Where(IntEnum):
    """What the offset of a PLACE counts from."""

    ANYWHERE = 0
    START = 1
    END = 2  # offset is what is taken from the size
    ENTRY = 3
    SECTION = 4  # start of section n
    IN_SECTION = 5  # within section n
    LAST_SECTION = 6
    VERSION = 7  # any of the offsets of version strings
    GROUP = 8  # only behind a macro


class Element(IntEnum):
    """Elements of a piece."""

    BYTES = 1
    MASKED = 2
    ANY = 3
    CHOICE = 4
    BORDER = 5
    NEAR = 6


class Border(IntEnum):
    """What may stand on both sides of a place."""

    WORD = 1
    LINE = 2
    NOT_ALPHANUMERIC = 3
    WIDE = 4  # not a letter or digit with a zero byte behind it; first or last only


class Operation(IntEnum):
    """Operations of an expression."""

    SUB = 1
    COUNT = 2
    AND = 3
    OR = 4
    GROUP = 5


class Scope(IntEnum):
    """What a digest is of."""

    FILE = 0
    SECTION = 1  # raw bytes of a section of a PE file
    IMPORTS = 2  # of the list of imports


class State(IntEnum):
    """What native code says about a signature."""

    MATCHES = 1
    DEFERRED = 2  # all that native code can say holds
    OUT_OF_STEPS = 3  # it gave up: the part is unscanned, time-limit
    SCATTERED = 4  # it takes bytes that lie too far apart for windows (`follow`)
