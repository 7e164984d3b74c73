"""`clearward rules verify-build`: is an image what its sources say?"""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json


def verify_build(
    repo: Annotated[
        str, typer.Argument(metavar="REPO", help="A repository, as a folder.")
    ],
    release: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Which release; the last in the log."),
    ] = None,
    json: Json = False,
) -> None:
    """Make the rules of a release again from its sources, and compare every byte.

    The log says which sources and which image belong to a release. Nothing has to be
    trusted but this machine: whoever published, the image holds what its sources say.
    """
    from clearward.faces.cli.run_verify_build import verify

    raise typer.Exit(verify(repo, release, json=json))
