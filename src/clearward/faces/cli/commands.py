"""The command `clearward`: its subcommands, and what every one of them answers.

Modules that do the work are imported by the command that needs them, so that
`clearward --help` answers at once.
"""

import os
import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, TyperException
from typing_extensions import override

from clearward import __version__
from clearward.core.errors import ClearwardError, Unavailable
from clearward.faces.cli.prove import prove
from clearward.faces.cli.rules import app as rules_app
from clearward.faces.cli.scan import scan
from clearward.faces.text import escaped

MOST_MESSAGE = 500  # characters of an error line
INTERRUPTED = 130
FAILED = 2


class Commands(TyperGroup):
    """The subcommands; an output that cannot be written is an error like others."""

    @override
    def invoke(self, ctx: Any) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            closed = "standard output was closed before everything was written"
            raise Unavailable(closed) from error
        except OSError as error:
            raise Unavailable(
                f"{error.filename or 'output'}: {error.strerror}"
            ) from error


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
app.add_typer(rules_app, name="rules")


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


def fail(message: str) -> NoReturn:
    """Print one line and end with status 2."""
    try:
        sys.stdout.flush()
    except OSError:
        # Nothing more can be written; keep the interpreter from trying at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    line = escaped(" ".join(message.split()))
    sys.stderr.write(f"clearward: {line}"[:MOST_MESSAGE] + "\n")
    sys.exit(FAILED)


def main() -> None:
    """Run the command line; every way it can end has its status and its line."""
    for stream in ("stdin", "stdout", "stderr"):
        if getattr(sys, stream) is None:  # it was closed before the start
            sys.exit(FAILED)
    try:
        status = app(standalone_mode=False)
    except TyperException as error:
        fail(error.format_message() or "see clearward --help")
    except ClearwardError as error:
        fail(str(error))
    except (KeyboardInterrupt, Abort):
        status = INTERRUPTED
    except MemoryError:
        fail("out of memory")
    try:
        sys.stdout.flush()
    except OSError as error:
        fail(f"output: {error.strerror}")
    sys.exit(status or 0)
