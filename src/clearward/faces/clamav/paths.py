"""What clamscan and clamdscan are to scan."""

import os

from clearward.faces.clamav.options import Given
from clearward.faces.clamav.output import Output


def named(given: Given, output: Output) -> list[bytes]:
    """Return what a list names, or else the operands, or else this folder.

    Raises:
        OSError: the list cannot be read.
    """
    listed = given.last("file-list")
    if listed is None:
        return [os.fsencode(word) for word in given.operands] or [os.getcwdb()]
    if given.operands:
        ignored = "(files passed at cmdline are ignored)"
        output.warn(f"Only scanning files from --file-list {ignored}")
    with open(listed, "rb") as file:
        return [line for line in file.read().split(b"\n") if line]
