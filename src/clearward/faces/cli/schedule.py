"""`clearward schedule`: its subcommands and their options."""

from typing import Annotated

import typer

from clearward.core.errors import Refused
from clearward.faces.cli.options import Json, Rules

app = typer.Typer(help="Scan at set times, by timers of systemd.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the schedule.")]
Paths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH...", help="What to scan.")
]
UnitDir = Annotated[
    str | None, typer.Option(metavar="DIR", help="Where the units are.")
]
Quick = Annotated[
    bool, typer.Option("--quick", help="What was fetched, and what starts by itself.")
]
Full = Annotated[bool, typer.Option("--full", help="Everything.")]
Away = Annotated[
    bool, typer.Option("--quarantine", help="Move what is found into quarantine.")
]
Url = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="Post what was scanned there, paths and all, if anything was found.",
    ),
]

# What the commands do is imported by each of them, so that --help stays quick.


@app.command("add")
def add_schedule(  # noqa: PLR0917 - one option each
    name: Name,
    paths: Paths = None,
    daily: Annotated[bool, typer.Option("--daily", help="Once a day.")] = False,
    weekly: Annotated[bool, typer.Option("--weekly", help="Once a week.")] = False,
    on_calendar: Annotated[
        str | None, typer.Option(metavar="SPEC", help="As in systemd.time(7).")
    ] = None,
    quick: Quick = False,
    full: Full = False,
    rules: Rules = None,
    quarantine: Away = False,
    even_on_battery: Annotated[
        bool, typer.Option("--even-on-battery", help="Also without mains.")
    ] = False,
    accept_unscanned: Annotated[
        bool,
        typer.Option(
            "--accept-unscanned", help="What is left unscanned is no failure."
        ),
    ] = False,
    notify_url: Url = "",
    unit_dir: UnitDir = None,
    json: Json = False,
) -> None:
    """Write a service and a timer that scan again and again.

    Units of the system for root, else of the user. What was written before under the
    same name is replaced; a unit that this command did not write is not.
    """
    from clearward.faces.cli.run_schedule import add
    from clearward.faces.schedule.plan import Plan

    times = ["daily"] * daily + ["weekly"] * weekly
    times += [on_calendar] if on_calendar is not None else []
    if len(times) != 1:
        raise Refused("say when: one of --daily, --weekly and --on-calendar")
    if quick and full:
        raise Refused("either --quick or --full")
    plan = Plan(
        name=name,
        calendar=times[0],
        kind="quick" if quick else "full" if full else "paths",
        paths=_absolute(paths),
        rules=_absolute(rules),
        quarantine=quarantine,
        on_battery=even_on_battery,
        accept_unscanned=accept_unscanned,
        notify_url=notify_url,
    )
    add(plan, unit_dir, json=json)


@app.command("list")
def list_schedules(unit_dir: UnitDir = None, json: Json = False) -> None:
    """List the schedules."""
    from clearward.faces.cli.run_schedule import list_all

    list_all(unit_dir, json=json)


@app.command("show")
def show_schedule(name: Name, unit_dir: UnitDir = None, json: Json = False) -> None:
    """Show the units of a schedule."""
    from clearward.faces.cli.run_schedule import show

    show(name, unit_dir, json=json)


@app.command("remove")
def remove_schedule(name: Name, unit_dir: UnitDir = None, json: Json = False) -> None:
    """Remove the units of a schedule."""
    from clearward.faces.cli.run_schedule import remove

    remove(name, unit_dir, json=json)


@app.command("run")
def run_schedule(  # noqa: PLR0917 - one option each
    context: typer.Context,
    paths: Paths = None,
    quick: Quick = False,
    full: Full = False,
    rules: Rules = None,
    quarantine: Away = False,
    notify_url: Url = "",
    json: Json = False,
) -> None:
    """Scan at once what a schedule would; the services start this.

    Exits as `clearward scan` does.
    """
    from clearward.faces.cli.run_schedule import scan_words, tell, teller

    hook = teller(notify_url)
    words = scan_words(paths or [], quick=quick, full=full)
    options = ["--json"] * json + ["--quarantine"] * quarantine
    for source in rules or ():
        options += ["--rules", source]
    # All commands are above this one; importing them here would be a circle.
    status = context.find_root().command.main(
        ["scan", *options, "--", *words], standalone_mode=False, obj=context.obj
    )
    tell(hook, words, status or 0)
    raise typer.Exit(status or 0)


def _absolute(paths: list[str] | None) -> tuple[str, ...]:
    import os.path

    return tuple(map(os.path.abspath, paths or ()))
