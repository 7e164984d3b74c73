"""`clearward rules exclude`, `exclusions` and `include`: their options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME|DIGEST", help="Of a rule; or SHA-256 of a whole file."
    ),
]


def exclude(
    name: Name,
    lasts: Annotated[
        str,
        typer.Option("--for", metavar="TIME", help="Such as 12h or 7d; at most 90d."),
    ],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Is kept and shown.")
    ] = "",
    json: Json = False,
) -> None:
    """Leave a rule, or a file, out of all verdicts for some time.

    It takes effect within 2 s, also in servers and guards that run, and every verdict
    that it changes says so. An exclusion of the same name is replaced.
    """
    # What the commands do is imported by each of them, so that --help stays quick.
    from clearward.faces.cli.run_exclusions import add

    add(name, lasts, reason, json=json)


def list_exclusions(json: Json = False) -> None:
    """List what is excluded, and until when."""
    from clearward.faces.cli.run_exclusions import list_all

    list_all(json=json)


def include(name: Name, json: Json = False) -> None:
    """End an exclusion.

    Exits with 2 if there is none.
    """
    from clearward.faces.cli.run_exclusions import remove

    remove(name, json=json)
