"""`clearward ledger`: its subcommands and their options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Look at what has left this machine, and check that all of it is told.",
    no_args_is_help=True,
)

# What the commands do is imported by each of them, so that --help stays quick.


@app.command("list")
def list_connections(json: Json = False) -> None:
    """List every connection, the oldest first."""
    from clearward.faces.cli.run_ledger import list_all

    list_all(json=json)


@app.command("show")
def show_connection(
    seq: Annotated[int, typer.Argument(metavar="SEQ", min=1, help="As list shows it.")],
    json: Json = False,
) -> None:
    """Show everything that is written down of one connection."""
    from clearward.faces.cli.run_ledger import show

    show(seq, json=json)


@app.command("verify")
def verify_records(
    folder: Annotated[
        str | None,
        typer.Argument(metavar="[FOLDER]", help="As export made it."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="That has to have signed it."),
    ] = None,
    json: Json = False,
) -> None:
    """Check that every record is what was written, and that none is missing.

    Exits with 1 and names the first wrong record if not. Without --key, the key that
    lies beside the records is believed.
    """
    from clearward.faces.cli.run_ledger import verify_all

    raise typer.Exit(verify_all(folder, key, json=json))


@app.command("export")
def export_records(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="Is made; must not be there.")
    ],
    json: Json = False,
) -> None:
    """Copy records, head and public key, to be verified on another machine."""
    from clearward.faces.cli.run_ledger import export_all

    export_all(folder, json=json)
