"""`clearward update`: its options."""

from typing import Annotated

import typer

from clearward.faces.cli.options import Json, TlsKeys

_SECONDS = 60.0


def update(
    *,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL|DIR|TAR",
            help="A repository: an address, a folder or an archive.",
        ),
    ] = None,
    trust: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="A folder with root.json and policy; kept after the first time.",
        ),
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the release before.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Also a release that was gone back from."),
    ] = False,
    seconds: Annotated[
        float,
        typer.Option(
            "--timeout",
            min=0.1,
            max=86_400,
            metavar="SECONDS",
            help="For everything but the rules, whose time grows with their size.",
        ),
    ] = _SECONDS,
    tls_keys: TlsKeys = "",
    json: Json = False,
) -> None:
    """Bring published rules here and put them in force, if everything is right.

    Signatures, their age, the log and its witnesses, the entry of these very rules in
    the log, the rules: whatever is wrong, the rules in force stay. Exits with 0 if they
    were updated or are current, with 1 if the update was refused or not reachable.
    """
    from clearward.faces.cli.run_update import Request, roll_back, run

    if rollback:
        if source or trust or again:
            raise typer.BadParameter("--rollback stands alone")
        raise typer.Exit(roll_back(json=json))
    if source is None:
        raise typer.BadParameter("name a repository with --from")
    raise typer.Exit(run(Request(source, trust, again, seconds, json, tls_keys)))
