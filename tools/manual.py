"""Write the manual pages of commands from what the commands say of themselves.

    python tools/manual.py            writes docs/man/clearward-COMMAND.1
    python tools/manual.py --check    only says which are out of date

Those of `BY_HAND` are written by hand.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer.main
from typer.core import TyperCommand, TyperGroup, TyperOption

from clearward.faces.cli.commands import app

PAGES = Path(__file__).parent.parent / "docs" / "man"
BY_HAND = ("scan", "prove", "rules", "quarantine")
DATE = "2026-11-23"
SEE_ALSO = ".SH SEE ALSO\n.BR clearward (1)\n"


def main() -> int:
    """Write or check every page; return the exit status."""
    stale = [path for path, text in pages() if _old(path) != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.name}: is out of date: python tools/manual.py")
        return int(bool(stale))
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
    return 0


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page that is made, and where it belongs."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)  # noqa: S101 - it has commands
    for name in sorted(group.commands):
        command = group.commands[name]
        if name not in BY_HAND and isinstance(command, TyperCommand | TyperGroup):
            page = PAGES / f"clearward-{name}.1"
            yield page, "".join(_page(f"clearward {name}", command))


def _page(name: str, command: TyperCommand | TyperGroup) -> Iterator[str]:
    title = name.replace(" ", "-").upper()
    text = _paragraphs(command.help or command.callback.__doc__ or "")
    first = text[0].rstrip(".") if text else name
    yield f'.TH {title} 1 "{DATE}" "clearward" "User commands"\n'
    yield f".SH NAME\n{_plain(name.replace(' ', '-'))} \\- {_plain(_lowered(first))}\n"
    if isinstance(command, TyperGroup):
        if command.invoke_without_command:
            yield from _alone(name, command, text)
        yield ".SH COMMANDS\n"
        yield from _below(name, command)
    else:
        yield from _alone(name, command, text)
    yield SEE_ALSO


def _below(name: str, group: TyperGroup) -> Iterator[str]:
    """Every command below a group, and below the groups in it."""
    for below, one in sorted(group.commands.items()):
        if isinstance(one, TyperCommand):
            yield from _section(f"{name} {below}", one)
        elif isinstance(one, TyperGroup):
            yield from _below(f"{name} {below}", one)


def _alone(
    name: str, command: TyperCommand | TyperGroup, text: list[str]
) -> Iterator[str]:
    """What it does without a command below it."""
    yield ".SH SYNOPSIS\n"
    yield f".B {_plain(name)}\n{_plain(_usage(command))}\n.SH DESCRIPTION\n"
    yield "\n.PP\n".join(map(_plain, text)) + "\n.SH OPTIONS\n"
    yield from _options(command)


def _section(name: str, command: TyperCommand) -> Iterator[str]:
    text = _paragraphs(command.help or "")
    yield f".SS {_plain(name)} {_plain(_usage(command))}\n"
    yield "\n.PP\n".join(map(_plain, text)) + "\n"
    yield from _options(command)


def _options(command: TyperCommand | TyperGroup) -> Iterator[str]:
    for option in command.params:
        if not isinstance(option, TyperOption) or option.hidden:
            continue
        names = ", ".join(option.opts)
        value = "" if option.is_flag else f" {_value(option)}"
        default = "" if option.default in (None, False, ()) else str(option.default)
        said = option.help or ""
        if default and not option.is_flag:
            said = f"{said} Default: {default}."
        yield f".TP\n.B {_plain(names + value)}\n{_plain(said)}\n"


def _value(option: TyperOption) -> str:
    """What stands behind an option."""
    choices = getattr(option.type, "choices", None)
    if option.metavar or not choices:
        return str(option.metavar or "N")
    return "|".join(str(getattr(one, "value", one)) for one in choices)


def _usage(command: TyperCommand | TyperGroup) -> str:
    arguments = [
        option.make_metavar(typer.Context(command))
        for option in command.params
        if option.param_type_name == "argument"
    ]
    return " ".join(["[options]", *arguments])


def _paragraphs(text: str) -> list[str]:
    whole = [" ".join(one.split()) for one in text.split("\n\n")]
    return [one for one in whole if one and not one.startswith(("Args:", "Raises:"))]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _plain(text: str) -> str:
    """Escape what troff would read as its own."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def _old(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
