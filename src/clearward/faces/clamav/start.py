"""How clamscan and clamdscan start, and every way in which they can end."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clearward.core.errors import ClearwardError
from clearward.faces.clamav.disposal import NoFolder
from clearward.faces.clamav.options import Given, Option, WrongUse, parse
from clearward.faces.clamav.output import Output, open_log

FAILED, INTERRUPTED = 2, 130
_VALUES = {"flag": "[=yes/no]", "text": "=TEXT", "level": "[=0/1/2]"}
_OBEYED = ("done", "silent")


@dataclass(frozen=True, slots=True)
class Program:
    """One of the two.

    Attributes:
        name: as messages call it.
        options: which it knows.
        help: what stands above the list of options.
        log_head: begins a report.
        run: does what was given and returns the exit status.
        echo: the head of a report is shown, too.
    """

    name: str
    options: tuple[Option, ...]
    help: str
    log_head: str
    run: Callable[[Given, Output], int]
    echo: bool = False


def main(program: Program) -> None:
    """Run the command line and end."""
    for stream in ("stdin", "stdout", "stderr"):
        if getattr(sys, stream) is None:  # it was closed before the start
            sys.exit(FAILED)
    output = Output(sys.stdout, sys.stderr)
    try:
        status = answer(program, sys.argv[1:], output)
        output.close()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"ERROR: output: {error.strerror}\n")
        status = FAILED
    sys.exit(status)


def answer(program: Program, words: Sequence[str], output: Output) -> int:
    """Do what a command line says, and return the exit status."""
    try:
        given = parse(program.name, program.options, words)
    except WrongUse as error:
        for line in error.lines:
            output.raw_error(line)
        return FAILED
    if given.on("help"):
        output.out.write(program.help + "\n".join(map(_help_line, program.options)))
        output.out.write("\n\nPass in - as the filename for stdin.\n")
        return 0
    output.quiet = given.on("quiet")
    output.together = given.on("stdout")
    log = given.last("log")
    if log is not None and not _begin_log(program, log, output):
        return FAILED
    return _run(program, given, output)


def _run(program: Program, given: Given, output: Output) -> int:
    try:
        return program.run(given, output)
    except NoFolder as error:
        if error.plain:
            output.line(str(error))
        else:
            output.fail(str(error))
    except ClearwardError as error:
        output.fail(" ".join(str(error).split()))
    except MemoryError:
        output.fail("out of memory")
    return FAILED


def _begin_log(program: Program, path: str, output: Output) -> bool:
    try:
        output.log = open_log(path)
    except OSError as error:
        why = f"Failed to open log file {path}: {error.strerror}"
        output.out.write(f"ERROR: {why}\n")
        output.fail("Problem with internal logger.")
        return False
    if program.echo:
        output.line(program.log_head)
    else:
        output.log.write(program.log_head + "\n")
    return True


def _help_line(option: Option) -> str:
    letter = f"-{option.letter}" if option.letter else ""
    name = f"--{option.name}{_VALUES.get(option.kind, '=N')}"
    note = "" if option.fate in _OBEYED else "not obeyed; says so"
    return f"    {name:<42} {letter:<4} {note}".rstrip()
