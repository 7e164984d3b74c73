"""`clearward cache`: its subcommands and their options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Look at the verdicts that are remembered, and forget them.",
    no_args_is_help=True,
)

# What the commands do is imported by each of them, so that --help stays quick.


@app.command("info")
def show_info(json: Json = False) -> None:
    """Show how many files are remembered as clean, for which rules, since when."""
    from clearward.faces.cli.run_cache import info

    info(json=json)


@app.command("clear")
def clear_verdicts(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH...]", help="Files and folders; everything if there is none."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Forget all verdicts, or those of the files under some paths.

    They are scanned anew by the next scan. A server that runs forgets them, too,
    within a second. Exits with 2 if a path cannot be looked at; the others are
    forgotten all the same.
    """
    from clearward.faces.cli.run_cache import clear

    raise typer.Exit(clear(paths or [], json=json))
