"""`clearward rules`: its subcommands and their options."""

import typer

app = typer.Typer(help="Look at rules and check them.", no_args_is_help=True)


@app.command("list")
def list_rules() -> None:
    """List the rules in force."""
    raise NotImplementedError
