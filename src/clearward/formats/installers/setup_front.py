"""What stands in front of each file that Setup.exe of InstallShield carries.

It is said in `setup_list`; here it is only recognised.
"""

import re

LONGEST = 2048  # bytes of the text in front of a file
VERSION = rb"\d{1,5}(?:\.\d{1,5}){3}"
ENTRY = re.compile(
    rb"([^\0-\x1f]{1,260})\0[^\0-\x1f]{1,260}\0" + VERSION + rb"\0(\d{1,10})\0"
)
# The same in UTF-16, of which only Latin letters are asked for.
_WIDE_DIGITS = rb"(?:\d\0){1,5}"
WIDE_ENTRY = re.compile(
    rb"((?:[^\0-\x1f]\0){1,260})\0\0(?:[^\0-\x1f]\0){1,260}\0\0"
    + _WIDE_DIGITS
    + rb"(?:\.\0"
    + _WIDE_DIGITS
    + rb"){3}\0\0((?:\d\0){1,10})\0\0"
)


def entry(front: bytes) -> re.Match[bytes] | None:
    """Return the name (1) and the size in digits (2) of the file that is in front."""
    return ENTRY.match(front) or WIDE_ENTRY.match(front)
