"""`clearward quarantine`: its subcommands and their options."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Move files away so that nobody runs them, and give them back.",
    no_args_is_help=True,
)

_SPAN = re.compile(r"([0-9]{1,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MOST = timedelta(days=36_500)


def span(text: str) -> timedelta:
    """Read a length of time such as ``30d``."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a time such as 30d, 12h, 5m or 10s")
    read = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    if read > _MOST:
        raise typer.BadParameter(f"{text!r} is more than 100 years")
    return read


Entry = Annotated[str, typer.Argument(metavar="ID", help="As list shows it.")]

# What the commands do is imported by each of them, so that --help stays quick.


@app.command("add")
def add_files(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files to move away.")
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Is kept with them.")
    ] = "",
    json: Json = False,
) -> None:
    """Move files into quarantine.

    Exits with 1 if a file was refused, since a link is on the way or it may not be
    moved, and with 2 if one could not be read or there is no room; they stay.
    """
    from clearward.faces.cli.run_quarantine import add

    raise typer.Exit(add(paths, reason, json=json))


@app.command("list")
def list_entries(json: Json = False) -> None:
    """List what is in quarantine, the oldest first; no content is opened."""
    from clearward.faces.cli.run_quarantine import list_all

    raise typer.Exit(list_all(json=json))


@app.command("show")
def show_entry(entry: Entry, json: Json = False) -> None:
    """Show everything that is known about one file."""
    from clearward.faces.cli.run_quarantine import show

    raise typer.Exit(show(entry, json=json))


@app.command("restore")
def restore_files(
    entries: Annotated[
        list[str], typer.Argument(metavar="ID...", help="As list shows them.")
    ],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="PATH", help="A file, or an existing folder."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there.")
    ] = False,
    json: Json = False,
) -> None:
    """Give files back as they were: content, owner, rights, times, attributes.

    Exits with 1 if one was refused, since a link is on the way or the name is taken,
    and with 2 if there is no such entry or it could not be written; they stay.
    """
    from clearward.faces.cli.run_quarantine import restore

    raise typer.Exit(restore(entries, to, overwrite=overwrite, json=json))


@app.command("delete")
def delete_entries(
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="As list shows them.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All, or all that are older.")
    ] = False,
    older_than: Annotated[
        timedelta | None,
        typer.Option(parser=span, metavar="TIME", help="With --all: such as 30d."),
    ] = None,
    json: Json = False,
) -> None:
    """Delete quarantined files for ever."""
    from clearward.faces.cli.run_quarantine import delete, delete_all

    if bool(entries) == every or (older_than is not None and not every):
        raise typer.BadParameter(
            "name entries, or give --all, with --older-than or not"
        )
    if entries:
        raise typer.Exit(delete(entries, json=json))
    raise typer.Exit(delete_all(older_than, json=json))


@app.command("expire")
def expire_entries(json: Json = False) -> None:
    """Delete what is older than the setting quarantine.days, 90 if it is not set."""
    from clearward.faces.cli.run_quarantine import expire

    raise typer.Exit(expire(json=json))
