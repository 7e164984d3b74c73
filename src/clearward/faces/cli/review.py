"""`clearward rules review`: its subcommands and their options."""

from typing import Annotated

import typer

from clearward.faces.cli.lint import Sources
from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Let findings of rules lint pass, in a record that is signed and published.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Option("--name", metavar="NAME", help="Of the reviewer.")]


@app.command("keygen")
def make_key(
    name: Name,
    output: Annotated[
        str, typer.Option("-o", metavar="KEY.pem", help="Where to write the key.")
    ],
    json: Json = False,
) -> None:
    """Make a reviewer's key, and say its public half, which those have who trust it."""
    from clearward.faces.cli.run_review import keygen

    keygen(name, output, json=json)


@app.command("sign")
def sign_findings(  # noqa: PLR0917 - how typer declares options
    sources: Sources,
    key: Annotated[
        str, typer.Option("--key", metavar="KEY.pem", help="Of the reviewer.")
    ],
    name: Name,
    output: Annotated[
        str, typer.Option("-o", metavar="FILE", help="Where to write the record.")
    ],
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="RULE", help="Only findings of this rule."),
    ] = None,
    json: Json = False,
) -> None:
    """Lint rules, and sign that what is found may pass.

    The record covers exactly these findings in exactly these files: after any change
    to a file it is of no use for that.
    """
    from clearward.faces.cli.run_review import Wanted, sign

    sign(Wanted(tuple(sources), tuple(rule or ())), (key, name), output, json=json)


@app.command("check")
def check_records(
    sources: Sources,
    review: Annotated[
        list[str], typer.Option("--review", metavar="FILE", help="A record.")
    ],
    key: Annotated[
        list[str], typer.Option("--key", metavar="KEY", help="Of one who is trusted.")
    ],
    json: Json = False,
) -> None:
    """Lint rules, and say which findings that block are not covered by a record.

    Exits with 1 if there is one.
    """
    from clearward.faces.cli.run_review import check

    raise typer.Exit(check(tuple(sources), review, key, json=json))
