"""`clearward intel extract`: its options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json


def extract(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Or - for standard input.")
    ],
    json: Json = False,
) -> None:
    """Find indicators in reports: text, pages, mails and PDF, defanged or not.

    Files are read in the jail. Nothing that is found is looked up or contacted. Exits
    with 2 if a file could not be read.
    """
    from clearward.faces.cli.intel.run_extract import run

    raise typer.Exit(run(files, json=json))
