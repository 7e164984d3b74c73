"""`clearward lookup`: its subcommands and their options."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import override

from clearward.faces.cli.options import Json

_DEFAULT = "known"


class Lookup(TyperGroup):
    """What is no subcommand is looked up."""

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Lookup,
    help="Say whether digests are known to be bad, without telling anybody which.",
    no_args_is_help=True,
)

Repo = Annotated[
    str | None,
    typer.Option(
        "--repo", metavar="DIR", help="A repository: the lists that its log has."
    ),
]

# What the commands do is imported by each of them, so that --help stays quick.


@app.command(_DEFAULT)
def look_up(  # noqa: PLR0917 - options, each by its name
    subjects: Annotated[
        list[str] | None,
        typer.Argument(metavar="DIGEST|FILE...", help="SHA-256, or files to hash."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL|DIR",
            help="The set; one on a server is fetched into the home, if it is new.",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--set", metavar="ID", help="Refuse any other set than this."),
    ] = None,
    buckets: Annotated[
        str | None,
        typer.Option(
            metavar="URL|DIR",
            help="Fetch the buckets of what the filter has; the list is not needed.",
        ),
    ] = None,
    dummies: Annotated[
        int,
        typer.Option(min=0, max=64, help="Other buckets to fetch with each."),
    ] = 3,
    pir: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Experiment: retrieve reports on what is known, and show the costs.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show in bits what each way reveals.")
    ] = False,
    json: Json = False,
) -> None:
    """Look digests or files up; `clearward lookup DIGEST` does the same.

    Nothing leaves this machine: the filter and the list of a set that is here answer,
    that of the home or of --from. With --buckets, what the filter has is decided by
    whole files that hold thousands of others; what it does not have is never asked for.

    --explain without anything to look up shows what looking one digest up would reveal.
    Exits with 1 if anything is known, else with 2 if anything was not decided or could
    not be read, else with 0.
    """
    from clearward.faces.cli.run_lookup import Wanted, explain_ways, run

    words = tuple(subjects or ())
    wanted = Wanted(words, source, only, buckets, dummies, pir, explain)
    if explain and not words:
        explain_ways(dummies, json=json)
        return
    raise typer.Exit(run(wanted, json=json))


@app.command("reports")
def lay_reports_out(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="Files named by digests.")
    ],
    output: Annotated[
        str, typer.Option("-o", metavar="DIR", help="Is made; must not be there.")
    ],
    json: Json = False,
) -> None:
    """Lay reports out for private retrieval, an experiment: see --pir."""
    from clearward.faces.cli.run_lookup_reports import build

    build(folder, output, json=json)


@app.command("build")
def build_set(
    output: Annotated[
        str, typer.Option("-o", metavar="DIR", help="Is made; must not be there.")
    ],
    lists: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LIST...]", help="Digests, one a line, with names."),
    ] = None,
    repo: Repo = None,
    json: Json = False,
) -> None:
    """Make a set of lists: filter, list and buckets; the same lists, the same bytes.

    A list is named after its file. Lines that are no digests are counted and left out.
    With --repo it is made of the lists in the last release of a repository.
    """
    from clearward.faces.cli.run_lookup_build import build

    if bool(lists) == bool(repo):
        raise typer.BadParameter("name lists, or a repository with --repo")
    build(tuple(lists or ()), output, repo, json=json)


@app.command("verify")
def verify_set(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A set.")],
    lists: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LIST...]", help="What it has to be made of."),
    ] = None,
    repo: Repo = None,
    json: Json = False,
) -> None:
    """Make a set again and compare it byte for byte.

    With --repo it has to be made of the lists that the log of a repository has in its
    last release. Without lists it is made again of its own list and labels. Exits with
    1 and names the files that are not what they should be.
    """
    from clearward.faces.cli.run_lookup_build import verify

    if lists and repo:
        raise typer.BadParameter("name lists, or a repository with --repo")
    raise typer.Exit(verify(folder, tuple(lists or ()), repo, json=json))
