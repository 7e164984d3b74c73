"""What the commands print."""

import json as json_text
import sys
from collections.abc import Mapping


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def row(fields: Mapping[str, object]) -> None:
    """Print an object as a line of JSON."""
    say(json_text.dumps(fields, ensure_ascii=False))


def summary(fields: Mapping[str, object], words: str, *, json: bool) -> None:
    """Print how a command ended."""
    if json:
        row({"summary": dict(fields)})
    elif words:
        say(words)
