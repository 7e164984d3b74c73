"""The subcommands, and what every one of them answers.

Modules that do the work are imported by the command that needs them, so that
`clearward --help` answers at once.
"""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, TyperException
from typing_extensions import override

from clearward import __version__
from clearward.core.errors import Refused
from clearward.faces.cli.cache import app as cache_app
from clearward.faces.cli.guard import guard
from clearward.faces.cli.intel.commands import app as intel_app
from clearward.faces.cli.ledger import app as ledger_app
from clearward.faces.cli.lookup import app as lookup_app
from clearward.faces.cli.output import one_line
from clearward.faces.cli.prove import prove
from clearward.faces.cli.publish import app as publish_app
from clearward.faces.cli.publish_fetch import fetch_sources
from clearward.faces.cli.quarantine import app as quarantine_app
from clearward.faces.cli.rules import app as rules_app
from clearward.faces.cli.scan import scan
from clearward.faces.cli.schedule import app as schedule_app
from clearward.faces.cli.selftest import selftest
from clearward.faces.cli.serve import serve
from clearward.faces.cli.update import update
from clearward.faces.cli.verify_build import verify_build
from clearward.faces.cli.witness import app as witness_app
from clearward.jail.launch import Launched

INTERRUPTED = 130


class Commands(TyperGroup):
    """The subcommands; an error of the system is an error like others."""

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with one_line():  # --version and --help write already here
            return super().parse_args(ctx, args)

    @override
    def invoke(self, ctx: Any) -> object:
        with one_line():
            return super().invoke(ctx)


app = typer.Typer(
    name="clearward",
    cls=Commands,
    help="An antivirus that does not have to be trusted.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(scan)
app.command()(prove)
app.command()(serve)
app.command()(guard)
app.command()(selftest)
app.command()(update)
rules_app.command("verify-build")(verify_build)
app.add_typer(rules_app, name="rules")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(schedule_app, name="schedule")
app.add_typer(cache_app, name="cache")
app.add_typer(ledger_app, name="ledger")
app.add_typer(lookup_app, name="lookup")
publish_app.command("fetch")(fetch_sources)
app.add_typer(publish_app, name="publish")
app.add_typer(witness_app, name="witness")
app.add_typer(intel_app, name="intel")


def show_version(value: bool) -> None:  # noqa: FBT001 - the shape of a callback
    """Print the version and end."""
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def every_command(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """An antivirus that does not have to be trusted."""


def run(zygote: Launched | None) -> int:
    """Run what the command line says and return the exit status.

    Args:
        zygote: started for this command; the commands find it in their context.

    Raises:
        ClearwardError: what was asked cannot be done; the message says why.
    """
    try:
        return app(standalone_mode=False, obj=zygote) or 0
    except TyperException as error:
        raise Refused(error.format_message() or "see clearward --help") from error
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
