"""`clearward witness`: the server, its subcommand and their options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Sign the heads of logs that continue what was signed before.",
    invoke_without_command=True,
)

State = Annotated[
    str | None,
    typer.Option(metavar="DIR", help="Where its key and the last heads are."),
]

# What the commands do is imported by each of them, so that --help stays quick.


@app.callback()
def serve_witness(
    context: typer.Context,
    listen: Annotated[
        str | None, typer.Option(metavar="tcp:HOST:PORT", help="Answer HTTP here.")
    ] = None,
    state: State = None,
    log: Annotated[
        list[str] | None,
        typer.Option(metavar="VKEY", help="Key of a log to watch; repeatable."),
    ] = None,
) -> None:
    """Sign the heads of logs that continue what was signed before.

    Answers `POST /add-checkpoint` as C2SP tlog-witness has it, until SIGTERM. What it
    signed last is on the disk before an answer leaves.
    """
    if context.invoked_subcommand is not None:
        return
    from clearward.faces.cli.run_witness import serve

    raise typer.Exit(serve(listen, state, log or []))


@app.command("keygen")
def make_key(
    state: Annotated[
        str, typer.Option(metavar="DIR", help="Where its key and its heads will be.")
    ],
    name: Annotated[
        str, typer.Option(metavar="NAME", help="Of the witness: an address as a rule.")
    ],
    ml_dsa: Annotated[
        bool, typer.Option("--ml-dsa", help="ML-DSA-44 in the place of Ed25519.")
    ] = False,
    json: Json = False,
) -> None:
    """Make the key of a witness, and show the public one.

    A key that is there is never replaced.
    """
    from clearward.faces.cli.run_witness import keygen

    keygen(state, name, ml_dsa=ml_dsa, json=json)
