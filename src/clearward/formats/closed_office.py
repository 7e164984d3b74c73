"""Say whether a part of an office document is one that its name alone would tell."""

import re
from collections.abc import Callable

from clearward.core.limits import MIB
from clearward.core.reader import Reader
from clearward.formats.narrow import narrow

MOST = 32 * MIB  # bytes of a sheet in which calls are looked for
FRONT = 4096

MACRO_SHEET = re.compile(rb"<(?:[\w.-]{1,40}:)?macrosheet[\s>/]")
BEGIN_SHEET = b"\x81\x01\x00"

# A call of a function that only macros have: its token, how many arguments, its number;
# or the number of any command (MS-XLSB 2.5.97.10 and 2.5.97.65).
_NUMBERS = (17, 53, 54, 55, 88, 96, 110, 118, 132, 136, 138, 149, 150, 185, 186, 188)
_ONLY_MACROS = b"".join(b"\\x%02x" % number for number in _NUMBERS)
MACRO_CALL = re.compile(
    rb"[\x21\x41\x61][%b]\0|[\x22\x42\x62][\0-\x1e](?:[%b]\0|[\0-\xff][\x80-\x83])"
    % (_ONLY_MACROS, _ONLY_MACROS),
    re.DOTALL,
)


def macro_sheet(head: bytes, reader: Reader) -> bool:
    """Say whether a sheet of a workbook holds macros of Excel 4.

    In XML its root says so. Binary sheets of macros and of numbers look alike, so it is
    told by what is called in it; a few that call nothing such are taken for one, too.
    """
    if not head.startswith(BEGIN_SHEET):
        return MACRO_SHEET.search(narrow(head[:FRONT])) is not None
    records = reader.held if reader.held is not None else reader.at(0, MOST)
    return MACRO_CALL.search(records) is not None


CHECKS: dict[str, Callable[[bytes, Reader], bool]] = {"macro-sheet": macro_sheet}
