"""The command `clearward-clamscan`: how it starts, and how it can end."""

import os
import sys
from collections.abc import Sequence

from clearward import __version__
from clearward.core.errors import ClearwardError
from clearward.faces.clam_disposal import NoFolder
from clearward.faces.clam_options import Given, WrongUse, parse
from clearward.faces.clam_output import Output, open_log
from clearward.faces.clamscan.results import FAILED
from clearward.faces.clamscan.settings import OPTIONS

PROGRAM = "clamscan"
_LOG_HEAD = "\n" + "-" * 79 + "\n"
INTERRUPTED = 130


def main() -> None:
    """Run the command line; every way it can end has its status."""
    for stream in ("stdin", "stdout", "stderr"):
        if getattr(sys, stream) is None:  # it was closed before the start
            sys.exit(FAILED)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    output = Output(sys.stdout, sys.stderr)
    try:
        status = answer(sys.argv[1:], output)
        output.close()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"ERROR: output: {error.strerror}\n")
        status = FAILED
    sys.exit(status)


def answer(words: Sequence[str], output: Output) -> int:
    """Do what a command line says, and return the exit status."""
    try:
        given = parse(PROGRAM, OPTIONS, words)
    except WrongUse as error:
        for line in error.lines:
            output.raw_error(line)
        return FAILED
    if given.on("help"):
        output.out.write(_help())
        return 0
    if given.on("version"):
        from clearward.faces.clamscan.run import ENGINE  # noqa: PLC0415 - as below

        output.out.write(f"ClamAV {ENGINE}\n")
        return 0
    return _run(given, output)


def _run(given: Given, output: Output) -> int:
    output.quiet = given.on("quiet")
    output.together = given.on("stdout")
    log = given.last("log")
    if log is not None:
        try:
            output.log = open_log(log)
            output.log.write(_LOG_HEAD + "\n")
        except OSError as error:
            output.out.write(
                f"ERROR: Failed to open log file {log}: {error.strerror}\n"
            )
            output.fail("Problem with internal logger.")
            return FAILED
    # Imported here so that --help and wrong options are answered at once.
    from clearward.faces.clamscan.run import run  # noqa: PLC0415

    try:
        return run(given, output)
    except NoFolder as error:
        if error.plain:
            output.line(str(error))
        else:
            output.fail(str(error))
    except ClearwardError as error:
        output.fail(" ".join(str(error).split()))
    return FAILED


def _help() -> str:
    lines = [
        f"Clearward {__version__}: takes the place of {PROGRAM}.",
        "",
        "    clearward-clamscan [options] [file/directory/-]",
        "",
    ]
    for option in OPTIONS:
        if option.fate == "deprecated":
            continue
        letter = f"-{option.letter}" if option.letter else ""
        value = {"flag": "[=yes/no]", "text": "=TEXT", "level": "[=0/1/2]"}
        name = f"--{option.name}{value.get(option.kind, '=N')}"
        note = "" if option.fate in ("done", "silent") else "not obeyed; says so"
        lines.append(f"    {name:<42} {letter:<4} {note}".rstrip())
    lines += ["", "See clearward-clamscan(1). Pass in - as the filename for stdin.", ""]
    return "\n".join(lines)
