"""`clearward ledger`: its subcommands and their options."""

from enum import StrEnum
from typing import Annotated

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Look at what has left this machine, and check that all of it is told.",
    no_args_is_help=True,
)
witness_app = typer.Typer(
    help="Name the organisation's own witnesses.", no_args_is_help=True
)
app.add_typer(witness_app, name="witness")


class Switch(StrEnum):
    """Two words."""

    ON = "on"
    OFF = "off"


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
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="VKEY", help="That has to have cosigned it."),
    ] = None,
    json: Json = False,
) -> None:
    """Check that every record is what was written, and that none is missing.

    Exits with 1 and names the first wrong record if not, or if it is not what a witness
    has cosigned. Without --key and --witness, the keys that lie beside the records are
    believed.
    """
    from clearward.faces.cli.run_ledger import verify_all

    raise typer.Exit(verify_all(folder, key, witness or [], json=json))


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


@app.command("keep")
def keep_payloads(
    what: Annotated[
        Switch | None, typer.Argument(metavar="[on|off]", help="From now on.")
    ] = None,
    json: Json = False,
) -> None:
    """Keep what is sent behind the heads of requests, and not its digest alone.

    Off at first. Without a word it is said whether they are kept. What is there stays.
    """
    from clearward.faces.cli.run_ledger import keep

    keep(on=None if what is None else what is Switch.ON, json=json)


@app.command("payload")
def show_payload(
    digest: Annotated[
        str, typer.Argument(metavar="SHA256", help="As show has it (body sent).")
    ],
) -> None:
    """Write one kept body to standard output, as it was sent."""
    from clearward.faces.cli.run_ledger import payload

    payload(digest)


@app.command("cosign")
def cosign_head(json: Json = False) -> None:
    """Have all witnesses that were added cosign the head.

    They get the head and a proof that it continues the one before, and no record. Exits
    with 1 if one of them does not sign.
    """
    from clearward.faces.cli.run_ledger_witness import cosign_all

    raise typer.Exit(cosign_all(json=json))


@witness_app.command("add")
def add_witness(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of the witness.")],
    vkey: Annotated[str, typer.Argument(metavar="VKEY", help="Its public key.")],
) -> None:
    """Have the head cosigned by a witness; prints the key that it has to watch.

    It is asked by `ledger cosign`, and at the end of commands that send anything.
    """
    from clearward.faces.cli.run_ledger_witness import add

    add(url, vkey)


@witness_app.command("list")
def list_witnesses(json: Json = False) -> None:
    """List the witnesses, and how many records each has cosigned."""
    from clearward.faces.cli.run_ledger_witness import list_all

    list_all(json=json)


@witness_app.command("remove")
def remove_witness(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Or its key.")],
) -> None:
    """Ask a witness no more."""
    from clearward.faces.cli.run_ledger_witness import remove

    remove(name)
