"""Options that several commands share, and how their values are read."""

from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import typer

from clearward.core.limits import Limits, parse_size

DEFAULT = Limits()
MOST_UNPACKED: Any = "4g"  # DEFAULT.scan_size, as people write it


class Level(StrEnum):
    """The levels of protection."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


def size(text: str) -> int:
    """Read a size option."""
    try:
        return parse_size(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


Json = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="PATH", help="Add a rule source; repeatable."),
]
NoDefaultRules = Annotated[
    bool, typer.Option("--no-default-rules", help="Only what --rules names.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="A bad line in any rule source is an error.")
]
Unwanted = Annotated[
    bool, typer.Option("--pua", help="Also rules for potentially unwanted programs.")
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=256, help="Workers.", show_default="usable processors"),
]

_bytes: Any = partial(typer.Option, parser=size, metavar="SIZE")
_seconds: Any = partial(typer.Option, min=0.001, metavar="SECONDS")
FileSize = Annotated[int | None, _bytes(help="Bytes of one file.")]
ObjectSize = Annotated[int | None, _bytes(help="Bytes of one object.")]
ScanSize = Annotated[int, _bytes(help="Bytes unpacked from it.")]
Parts = Annotated[int, typer.Option(min=1, help="Members and streams in it.")]
Depth = Annotated[int, typer.Option(min=0, max=1000, help="Nesting.")]
Seconds = Annotated[float, _seconds(help="Time for it.")]
SecondsOfOne = Annotated[float, _seconds(help="Time for one file.")]

TlsKeys = Annotated[
    str,
    typer.Option(
        "--tls-keys",
        metavar="FILE",
        help="Add the keys of our own sessions, so that a capture can be read.",
    ),
]
