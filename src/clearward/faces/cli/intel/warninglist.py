"""`clearward intel warninglist`: values that are no sign of anything bad."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Lists of values that are no sign of anything bad.", no_args_is_help=True
)


@app.command("add")
def add_lists(
    files: Annotated[list[str], typer.Argument(metavar="FILE...")], json: Json = False
) -> None:
    """Take lists in, in the form of MISP; one of the same name is replaced."""
    from clearward.faces.cli.intel.run_warninglist import add

    add(files, json=json)


@app.command("list")
def list_lists(json: Json = False) -> None:
    """List them."""
    from clearward.faces.cli.intel.run_warninglist import list_all

    list_all(json=json)


@app.command("remove")
def remove_list(
    name: Annotated[str, typer.Argument(metavar="NAME")], json: Json = False
) -> None:
    """Take a list out."""
    from clearward.faces.cli.intel.run_warninglist import remove

    remove(name, json=json)
