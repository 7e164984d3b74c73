"""The frame of a rule image: its header and the table of its sections.

Both sides of the wall need these facts: inside, images are written and checked;
outside, their digest is compared and names of rules are read. What the fields mean is
said in `native.layout`.
"""

import struct
from enum import IntEnum

MAGIC = b"\x89CWR\r\n\x1a\n"
VERSION = 1
MOST_SECTIONS = 256
ALIGNMENT = 64

HEADER = struct.Struct("<8sIIQQ32s")
DIGEST_AT = 32  # in the header, up to its end
SECTION = struct.Struct("<IIQQQ")
HASHES = struct.Struct("<BBBBI")


class Section(IntEnum):
    """What a section holds."""

    META = 1
    NAMES = 2
    SIGNATURES = 3
    PROGRAMS = 4
    PREFILTER = 5
    ALWAYS = 6
    HASHES = 7
    YARA = 8
    TEXTS = 9
    TYPES = 10
    LISTS = 11


# Flags of a set of digests.
SIZED = 1  # sizes follow
ALLOWS = 2  # what is listed is trusted
UNWANTED = 4  # of a potentially unwanted kind
LISTED = 8  # of a plain list of digests, which is asked about every part
