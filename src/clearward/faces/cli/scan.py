"""`clearward scan`: its options."""

import os
from typing import Annotated

import typer

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.faces.cli import options

MOST_PASSWORDS = 20


def scan(  # noqa: PLR0917 - the contract's options, each by its name
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Files and trees; - is standard input."),
    ] = None,
    json: options.Json = False,
    rules: options.Rules = None,
    no_default_rules: options.NoDefaultRules = False,
    strict: options.Strict = False,
    pua: options.Unwanted = False,
    all_matches: Annotated[
        bool, typer.Option("--all-matches", help="Every rule that matches.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Where rules matched; recorded in the home."),
    ] = False,
    jobs: options.Jobs = None,
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
        options.Level, typer.Option(help="Below this protection nothing is scanned.")
    ] = options.Level.B,
    max_file_size: options.FileSize = None,
    max_scan_size: options.ScanSize = options.MOST_UNPACKED,
    max_parts: options.Parts = options.DEFAULT.parts,
    max_depth: options.Depth = options.DEFAULT.depth,
    timeout: options.Seconds = options.DEFAULT.seconds,
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
    from clearward.faces.cli.run_scan import Request, run

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
