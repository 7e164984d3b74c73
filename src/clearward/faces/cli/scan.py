"""`clearward scan`: its options."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.faces.cli.options import (
    Jobs,
    Json,
    NoDefaultRules,
    Rules,
    Strict,
    Unwanted,
    size,
)

MOST_PASSWORDS = 20


class Level(StrEnum):
    """The levels of protection."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


def scan(  # noqa: PLR0917 - the contract's options, each by its name
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Files and trees; - is standard input."),
    ] = None,
    json: Json = False,
    rules: Rules = None,
    no_default_rules: NoDefaultRules = False,
    strict: Strict = False,
    pua: Unwanted = False,
    all_matches: Annotated[
        bool, typer.Option("--all-matches", help="Every rule that matches.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Where rules matched; recorded in the home."),
    ] = False,
    jobs: Jobs = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither read nor write verdicts.")
    ] = False,
    files_from: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="More paths, one a line; - is standard input."
        ),
    ] = None,
    null: Annotated[
        bool, typer.Option("--null", help="Paths in --files-from end with NUL.")
    ] = False,
    one_file_system: Annotated[
        bool, typer.Option("--one-file-system", help="Do not cross mount points.")
    ] = False,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Leave out; repeatable.")
    ] = None,
    require_level: Annotated[
        Level, typer.Option(help="Below this protection nothing is scanned.")
    ] = Level.B,
    max_file_size: Annotated[
        int | None,
        typer.Option(parser=size, metavar="SIZE", help="Bytes of one file."),
    ] = None,
    max_scan_size: Annotated[
        int, typer.Option(parser=size, metavar="SIZE", help="Bytes unpacked from it.")
    ] = "4g",  # type: ignore[assignment] # the parser reads it
    max_parts: Annotated[
        int, typer.Option(min=1, help="Members and streams in it.")
    ] = 100_000,
    max_depth: Annotated[int, typer.Option(min=0, max=1000, help="Nesting.")] = 32,
    timeout: Annotated[
        float, typer.Option(min=0.001, metavar="SECONDS", help="Time for it.")
    ] = 120.0,
    password: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="Try it on what is encrypted; repeatable."),
    ] = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Move what was found into quarantine.")
    ] = False,
) -> None:
    """Scan files and trees.

    Exits with 1 if a rule matched anywhere, else with 2 if anything was left unscanned,
    else with 0.
    """
    if not paths and files_from is None:
        raise Refused("nothing to scan: name a file or a folder, or use --files-from")
    # Imported here so that --help does not pay for it.
    from clearward.faces.cli.run_scan import Request, run  # noqa: PLC0415

    if len(password or ()) > MOST_PASSWORDS:
        raise Refused(f"at most {MOST_PASSWORDS} passwords can be given")
    request = Request(
        paths=tuple(map(os.fsencode, paths or ())),
        files_from=files_from,
        null=null,
        rules=tuple(rules or ()),
        default_rules=not no_default_rules,
        strict=strict,
        unwanted=pua,
        every=all_matches,
        explain=explain,
        json=json,
        jobs=jobs or len(os.sched_getaffinity(0)),
        exclude=tuple(exclude or ()),
        one_file_system=one_file_system,
        require=require_level.value,
        passwords=tuple(password or ()),
        quarantine=quarantine,
        # What is explained is looked at: an answer from memory has no explanation.
        cache=not (no_cache or explain),
        limits=Limits(max_file_size, max_scan_size, max_parts, max_depth, timeout),
    )
    raise typer.Exit(run(request, context.obj))
