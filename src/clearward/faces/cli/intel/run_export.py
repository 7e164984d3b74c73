"""What `clearward intel export` does."""

import sys
import time
from contextlib import ExitStack
from typing import BinaryIO

from clearward.core.errors import Refused
from clearward.faces.cli.intel.said import summary
from clearward.faces.text import escaped
from clearward.intel.tlp import Tlp
from clearward.sharing.exporting import Format, export
from clearward.stores.intel.database import Database
from clearward.stores.new_file import new_file


def run(word: str, output: str | None, level: str, *, json: bool) -> None:
    """Write an export.

    Raises:
        Refused: there is no such format or level, or the file cannot be written.
    """
    try:
        format = Format(word)
    except ValueError as error:
        raise Refused(f"{word!r} is no format: {', '.join(Format)}") from error
    tlp = Tlp.parse(level)
    size = 0
    with ExitStack() as stack:
        connection = stack.enter_context(Database().reading())
        file = sys.stdout.buffer if output is None else _file(stack, output)
        for piece in export(connection, format, tlp, time.time_ns() // 1000):
            size += file.write(piece)
        file.flush()
    if output is not None:
        words = f"{escaped(output)}: {size:,} bytes"
        summary({"bytes": size}, words, json=json)


def _file(stack: ExitStack, path: str) -> BinaryIO:
    """Begin a file that is there when all of it is written."""
    descriptor = stack.enter_context(new_file(path))
    return stack.enter_context(open(descriptor, "wb", closefd=False))
