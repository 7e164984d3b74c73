"""Standard output, whose failures can be told from those of other files.

The error of a write has no file name. So the raw file below the buffers puts one there.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from typing_extensions import override

from clearward.core.errors import Unavailable

NAME = "output"


class Output(io.FileIO):
    """The descriptor of standard output, which stays open."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)

    @override
    def write(self, data: Any, /) -> Any:
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, NAME) from error


def named(stream: TextIO) -> TextIO:
    """Return a stream to the same place, whose errors have `NAME` as file name."""
    raw = Output(stream.fileno())
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        stream.encoding,
        stream.errors,
        line_buffering=raw.isatty(),
    )


@contextmanager
def one_line() -> Iterator[None]:
    """Let an error of the system be one line: which file, if one is known, and why.

    Raises:
        Unavailable: instead of the error.
    """
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        if error.filename == NAME and isinstance(error, BrokenPipeError):
            said = "standard output was closed before everything was written"
        elif error.filename is not None:
            said = f"{error.filename}: {said}"
        raise Unavailable(said) from error
