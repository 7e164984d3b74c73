"""Every command that docs/trust.md names is one, with the options that it is given."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from clearward.faces.cli.commands import app

PAGE = Path(__file__).parents[2] / "docs/trust.md"


def named() -> Iterator[list[str]]:
    """Words of each command, without the first."""
    text = PAGE.read_text("utf-8")
    for line in re.findall(r"^    clearward (.+)$", text, re.MULTILINE):
        yield shlex.split(line)
    for line in re.findall(r"`((?:prove|ledger|rules|update|scan) [^`]+)`", text):
        yield shlex.split(line)


def wrong(words: list[str]) -> str:
    """What is not there of a command; empty if all of it is."""
    command = get_command(app)
    rest = list(words)
    while commands := getattr(command, "commands", None):
        if rest and rest[0].startswith("-"):
            break  # options of the group itself, or of what it does by default
        name = rest.pop(0) if rest else ""
        if name not in commands:
            return f"{' '.join(words)}: no {name or 'subcommand'}"
        command = commands[name]
    all_of_it = [command, *getattr(command, "commands", {}).values()]
    options = {name for each in all_of_it for one in each.params for name in one.opts}
    missing = [one for one in rest if one.startswith("-") and one not in options]
    return f"{' '.join(words)}: no {missing}" if missing else ""


def test_every_command_is_there() -> None:
    commands = list(named())
    assert len(commands) > 15
    missing = [said for said in map(wrong, commands) if said]
    assert missing == []


def test_what_is_not_there_is_seen() -> None:
    assert wrong(["prove", "--nothing"])
    assert wrong(["nothing"])
    assert wrong(["ledger"])
