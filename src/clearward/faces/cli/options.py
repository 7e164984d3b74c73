"""Options that several commands share, and how their values are read."""

from typing import Annotated

import typer

from clearward.core.limits import parse_size


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
