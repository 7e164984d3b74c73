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
