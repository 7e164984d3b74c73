"""What `clearward rules compile` does: write an image, and say what is in it."""

import json as json_text
import sys
import time
from typing import Any

from clearward.compiling import Compiled, compile_image
from clearward.faces.cli.compiling import progress
from clearward.faces.text import escaped

_SHOWN_PROBLEMS = 100  # on a terminal; JSON has all that were told


def write_image(
    sources: tuple[str, ...], output: str, *, strict: bool, json: bool
) -> None:
    """Compile some sources into an image, and say what came of it.

    Raises:
        Refused: a source cannot be used; an image that was there stays.
        Unavailable: the image cannot be written, or the jail could not be started.
    """
    start = time.monotonic()
    with progress(json=json) as show:
        made = compile_image(sources, output, strict=strict, show=show)
    seconds = time.monotonic() - start
    if json:
        sys.stdout.write(json_text.dumps(_fields(made, output, seconds)) + "\n")
        return
    for name, value in _lines(made, output, seconds):
        sys.stdout.write(f"{name + ':':<12}{escaped(value)}\n")
    told = made.problems()
    for place, problem in told[:_SHOWN_PROBLEMS]:
        where = f"{place}:{problem.line}:{problem.column}"
        sys.stdout.write(f"  {escaped(where)}: {escaped(problem.message)}\n")
    if len(told) > _SHOWN_PROBLEMS:
        sys.stdout.write(f"  and {len(told) - _SHOWN_PROBLEMS:,} more\n")


def _fields(made: Compiled, output: str, seconds: float) -> dict[str, Any]:
    rules = made.rules
    return {
        "image": output,
        "size": made.size,
        "sha256": made.digest,
        "sources": len(rules.made_of),
        "rules": rules.count,
        "kinds": dict(rules.kinds),
        "unwanted": rules.unwanted,
        "duplicates": rules.duplicates,
        "skipped": made.skipped,
        "unusable": rules.unusable,
        "left_out": dict(rules.left),
        "problems": [
            {
                "file": place,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
            }
            for place, problem in made.problems()
        ],
        "seconds": round(seconds, 3),
    }


def _lines(made: Compiled, output: str, seconds: float) -> list[tuple[str, str]]:
    rules = made.rules
    counts = ", ".join(f"{count:,} {kind}" for kind, count in rules.kinds)
    lines = [
        ("image", output),
        ("size", f"{made.size / 1e6:,.1f} MB"),
        ("sha256", made.digest),
        ("sources", f"{len(rules.made_of):,}"),
        ("rules", f"{rules.count:,}" + (f" ({counts})" if counts else "")),
    ]
    if rules.unwanted:
        lines.append(("unwanted", f"{rules.unwanted:,}, in force with --pua"))
    lines.append(("duplicates", f"{rules.duplicates:,}"))
    for ending, count in sorted(made.skipped.items()):
        lines.append(("skipped", f"{count:,} files {ending}"))
    lines.extend(("left out", f"{count:,} {what}") for what, count in rules.left)
    lines.append(("unusable", f"{rules.unusable:,}"))
    lines.append(("seconds", f"{seconds:.1f}"))
    return lines
