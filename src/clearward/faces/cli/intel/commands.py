"""`clearward intel`: its subcommands and their options.

What a command does stands in the module `run_NAME` beside, which it imports when it
runs, so that --help stays quick.
"""

from typing import Annotated

import typer

from clearward.faces.cli.intel.extract import extract
from clearward.faces.cli.intel.users import (
    collection_app,
    group_app,
    user_app,
)
from clearward.faces.cli.intel.warninglist import app as warninglist_app
from clearward.faces.cli.options import Json

app = typer.Typer(
    help="Threat intelligence: import, serve, search, match.", no_args_is_help=True
)
app.add_typer(user_app, name="user")
app.add_typer(collection_app, name="collection")
app.add_typer(group_app, name="group")
app.add_typer(warninglist_app, name="warninglist")

app.command()(extract)


@app.command("import")
def import_files(
    files: Annotated[list[str], typer.Argument(metavar="FILE...")],
    format: Annotated[
        str,
        typer.Option(metavar="FORMAT", help="auto, stix, ioc-tsv or taxii-seed."),
    ] = "auto",
    collection: Annotated[
        str | None,
        typer.Option(metavar="TITLE", help="Into this collection; made if missing."),
    ] = None,
    org: Annotated[
        str | None, typer.Option(metavar="ORG", help="Whose the objects are.")
    ] = None,
    json: Json = False,
) -> None:
    """Take files into the store: bundles of STIX, tables of indicators.

    What would hit everybody goes into quarantine; what is no object is counted and
    named, and the rest is taken.
    """
    from clearward.faces.cli.intel.run_import import run

    raise typer.Exit(run(files, format, collection, org, json=json))


@app.command("search")
def search_store(
    wanted: Annotated[str, typer.Argument(metavar="VALUE|ID")],
    part: Annotated[
        bool, typer.Option("--substring", help="All whose value holds this text.")
    ] = False,
    json: Json = False,
) -> None:
    """Show objects by id or by what they stand for; a network shows what is in it.

    Values may be defanged and in any case. What is in quarantine is shown as such.
    """
    from clearward.faces.cli.intel.run_search import run

    raise typer.Exit(run(wanted, part=part, json=json))


@app.command("match")
def match_logs(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="- is standard input.")
    ],
    jobs: Annotated[  # noqa: ARG001 - taken so that scripts have it already
        int | None,
        typer.Option(min=1, max=256, help="Processes; only one is used yet."),
    ] = None,
    json: Json = False,
) -> None:
    """Look for indicators in logs; the status is 1 if there are any.

    A log may have any form: names, addresses, URLs, digests and addresses of mail are
    found wherever they stand. What is on a warning list is shown as gated, and is no
    hit.
    """
    from clearward.faces.cli.intel.run_match import run

    raise typer.Exit(run(files, json=json))


@app.command("export")
def export_store(
    format: Annotated[
        str,
        typer.Option(metavar="FORMAT", help="stix, hashes, domains or taxii-seed."),
    ],
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Not standard output."),
    ] = None,
    tlp: Annotated[
        str, typer.Option(metavar="LEVEL", help="Only what a reader of it may see.")
    ] = "clear",
    json: Json = False,
) -> None:
    """Write what a reader of some level may see; nothing that is in quarantine."""
    from clearward.faces.cli.intel.run_export import run

    run(format, output, tlp, json=json)


@app.command("audit")
def show_audit(json: Json = False) -> None:
    """List who changed what, and check that no line was changed or taken out."""
    from clearward.faces.cli.intel.run_audit import run

    raise typer.Exit(run(json=json))


@app.command("backup")
def write_backup(
    file: Annotated[str, typer.Argument(metavar="FILE")], json: Json = False
) -> None:
    """Write all of the store into one file, which restore reads on either database.

    It holds everything whatever its marking, and hashes of passwords: keep it well.
    """
    from clearward.faces.cli.intel.run_backup import backup

    backup(file, json=json)


@app.command("restore")
def read_backup(
    file: Annotated[str, typer.Argument(metavar="FILE")], json: Json = False
) -> None:
    """Put a backup into an empty store, all of it or nothing."""
    from clearward.faces.cli.intel.run_backup import restore

    restore(file, json=json)


@app.command("serve")
def serve_taxii(
    http: Annotated[
        str, typer.Option(metavar="tcp:HOST:PORT", help="Answer HTTP here.")
    ],
    page: Annotated[
        int, typer.Option(min=1, max=100_000, help="Most objects of an answer.")
    ] = 1000,
) -> None:
    """Serve the collections by TAXII 2.1, until SIGTERM."""
    from clearward.faces.cli.intel.run_serve import run

    raise typer.Exit(run(http, page))
