"""`clearward guard`: its options."""

import os
import pwd
from enum import StrEnum
from typing import Annotated

import typer

from clearward.core.errors import Refused
from clearward.core.limits import Limits
from clearward.faces.cli import options

_LEAST_DEADLINE = 0.5  # seconds


class Answer(StrEnum):
    """What whoever waits can be told."""

    ALLOW = "allow"
    DENY = "deny"


def guard(  # noqa: PLR0917 - options, each by its name
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Folders, with all mounted below them."),
    ] = None,
    json: options.Json = False,
    open: Annotated[
        bool,
        typer.Option("--open", help="Every open waits, not only a program's start."),
    ] = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Nobody waits: files are judged after it.")
    ] = False,
    containers: Annotated[
        bool,
        typer.Option(
            "--containers",
            help="Watch whole file systems, through whichever mount they are opened.",
        ),
    ] = False,
    no_first_look: Annotated[
        bool,
        typer.Option("--no-first-look", help="Do not look at what lies there already."),
    ] = False,
    deadline: Annotated[
        float,
        typer.Option(min=_LEAST_DEADLINE, metavar="SECONDS", help="Longest wait."),
    ] = 5.0,
    on_deadline: Annotated[
        Answer, typer.Option(help="What is answered then, or if nobody can answer.")
    ] = Answer.ALLOW,
    on_unscanned: Annotated[
        Answer, typer.Option(help="What is answered for what could not be scanned.")
    ] = Answer.ALLOW,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Paths to let through; repeatable."),
    ] = None,
    exclude_program: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="It may open everything; repeatable."),
    ] = None,
    exclude_user: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude-user",
            "--exclude-uid",
            metavar="NAME|UID",
            help="May open everything; repeatable.",
        ),
    ] = None,
    notify_command: Annotated[
        str,
        typer.Option(
            metavar="PROGRAM", help="Run for what is found, JSON as argument."
        ),
    ] = "",
    notify_socket: Annotated[
        str,
        typer.Option(metavar="PATH", help="Datagram socket that is sent the same."),
    ] = "",
    notify_url: Annotated[
        str,
        typer.Option(metavar="URL", help="Post the same there: it holds the paths."),
    ] = "",
    quarantine: Annotated[
        bool,
        typer.Option(
            "--quarantine", help="Move what is found after a write into quarantine."
        ),
    ] = False,
    rules: options.Rules = None,
    no_default_rules: options.NoDefaultRules = False,
    strict: options.Strict = False,
    pua: options.Unwanted = False,
    jobs: options.Jobs = None,
    require_level: Annotated[
        options.Level, typer.Option(help="Below this protection nothing is guarded.")
    ] = options.Level.B,
    max_file_size: options.FileSize = None,
    timeout: options.SecondsOfOne = options.DEFAULT.seconds,
    status: Annotated[
        bool, typer.Option("--status", help="Show what the running guard has done.")
    ] = False,
    top: Annotated[
        int, typer.Option(min=0, max=1000, help="Rows of most scanned files.")
    ] = 10,
) -> None:
    """Judge files when they are opened, and deny what is found.

    Programs wait until they are judged when they are started, or with --open every file
    when it is opened; what was written is judged after it is closed. SIGHUP loads the
    rules anew, SIGTERM ends it. Needs the rights of root.
    """
    # Imported here so that --help does not pay for it.
    from clearward.faces.cli import run_guard

    if status:
        run_guard.show_status(json=json, top=top)
        return
    if not paths:
        raise Refused("nothing to guard: name a folder")
    request = run_guard.Request(
        paths=tuple(paths),
        json=json,
        opens=open,
        notify=notify,
        containers=containers,
        first=not no_first_look,
        deadline=deadline,
        allow=on_deadline is Answer.ALLOW,
        allow_unscanned=on_unscanned is Answer.ALLOW,
        patterns=tuple(exclude or ()),
        programs=tuple(map(os.path.realpath, exclude_program or ())),
        users=tuple(map(user, exclude_user or ())),
        notify_command=notify_command,
        notify_socket=notify_socket,
        notify_url=notify_url,
        quarantine=quarantine,
        rules=tuple(rules or ()),
        default_rules=not no_default_rules,
        strict=strict,
        unwanted=pua,
        jobs=jobs or len(os.sched_getaffinity(0)),
        require=require_level.value,
        limits=Limits(max_file_size, seconds=timeout),
        top=top,
    )
    raise typer.Exit(run_guard.run(request))


def user(name: str) -> int:
    """Read a user's name or number.

    Raises:
        Refused: there is no such user.
    """
    if name.isascii() and name.isdigit():
        return int(name)
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise Refused(f"{name}: no such user") from error
