"""What a command line of clamscan asks for, in the words of this project."""

import os
from dataclasses import dataclass, field

from clearward.core.errors import Refused
from clearward.core.limits import Limits, parse_size
from clearward.faces.clamav.options import Given, read_table
from clearward.faces.clamscan.patterns import Patterns, compiled
from clearward.faces.clamscan.walk import ALWAYS, NAMED, Reach

_DEFAULTS = Limits()
_DEPTH = 15  # folders below each other
_FOREVER = 10.0**6  # seconds; no scan lasts that long
_MOST_DEPTH = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked for.

    Attributes:
        database: rule sources; none means the installed ones.
        reach: how far the walk goes.
        patterns: what is left out.
        limits: for each file.
        every: all matches of a file.
        unwanted: also potentially unwanted programs.
        alert_limits: a limit that is reached is a find.
        alert_encrypted: what is encrypted is a find.
        infected: no lines for what is clean or left out.
        no_ok: no lines for what is clean.
        verbose: a line before each result.
        inside: also where in a file something was found.
        bell: ring at a find.
    """

    database: tuple[str, ...] = ()
    reach: Reach = field(default_factory=Reach)
    patterns: Patterns = field(default_factory=Patterns)
    limits: Limits = field(default_factory=Limits)
    every: bool = False
    unwanted: bool = False
    alert_limits: bool = False
    alert_encrypted: bool = False
    infected: bool = False
    no_ok: bool = False
    verbose: bool = False
    inside: bool = False
    bell: bool = False


def table() -> str:
    """Return the text of the table of options."""
    path = os.path.join(os.path.dirname(__file__), "options.txt")
    with open(path, encoding="utf-8") as file:
        return file.read()


OPTIONS = read_table(table())


def settings(given: Given) -> Settings:
    """Read what was given.

    Raises:
        Refused: a value that does not fit.
    """
    limits = _limits(given)
    alerts = ("alert-encrypted", "alert-encrypted-archive", "alert-encrypted-doc")
    return Settings(
        database=given.all("database"),
        reach=_reach(given, limits.file_size),
        patterns=Patterns(
            compiled("exclude", given.all("exclude")),
            compiled("exclude-dir", given.all("exclude-dir")),
            compiled("include", given.all("include")),
            compiled("include-dir", given.all("include-dir")),
        ),
        limits=limits,
        every=given.on("allmatch"),
        unwanted=given.on("detect-pua"),
        alert_limits=given.on("alert-exceeds-max") or given.on("block-max"),
        alert_encrypted=any(given.on(name) for name in (*alerts, "block-encrypted")),
        infected=given.on("infected"),
        no_ok=given.on("suppress-ok-results"),
        verbose=given.on("verbose"),
        inside=given.on("archive-verbose"),
        bell=given.on("bell"),
    )


def warnings(given: Given) -> list[str]:
    """Return a line for each kind of option that is not obeyed."""
    lines = [
        f"Ignoring deprecated option --{option.name}"
        for option in given.of("deprecated")
    ]
    more = [
        option.name for option in given.of("warned-no") if not given.on(option.name)
    ]
    less = [option.name for option in given.of("warned")]
    less += [option.name for option in given.of("warned-yes") if given.on(option.name)]
    if more:
        lines.append(f"Scanned all the same, in spite of {_listed(more)}")
    if less:
        lines.append(f"Not supported and ignored: {_listed(less)}")
    return lines


def _listed(names: list[str]) -> str:
    return ", ".join(f"--{name}" for name in names)


def _reach(given: Given, most_size: int | None) -> Reach:
    depth = _number(given, "max-dir-recursion")
    return Reach(
        recursive=given.on("recursive"),
        depth=_DEPTH if depth is None else depth,
        cross=given.on("cross-fs", otherwise=True),
        folder_links=_level(given, "follow-dir-symlinks"),
        file_links=_level(given, "follow-file-symlinks"),
        most_size=most_size,
    )


def _limits(given: Given) -> Limits:
    """Read the limits; 0 means that there is none.

    Without archives nothing inside of a file is looked at, so that what has something
    inside is unscanned and not clean.
    """
    file_size = _size(given, "max-filesize")
    scan_size = _size(given, "max-scansize")
    parts = _number(given, "max-files")
    levels = _number(given, "max-recursion")
    milliseconds = _number(given, "max-scantime")
    depth = _DEFAULTS.depth if not levels else min(levels, _MOST_DEPTH) - 1
    seconds = _DEFAULTS.seconds
    if milliseconds is not None:
        seconds = milliseconds / 1000 if milliseconds else _FOREVER
    return Limits(
        file_size=file_size or None,
        scan_size=scan_size or _DEFAULTS.scan_size,
        parts=parts or _DEFAULTS.parts,
        depth=depth if given.on("scan-archive", otherwise=True) else 0,
        seconds=seconds,
    )


def _number(given: Given, name: str) -> int | None:
    value = given.last(name)
    if value is None:
        return None
    if len(value) > 18:  # digits of what fits into 64 bits  # noqa: PLR2004
        raise Refused(f"--{name}: {value[:20]}... is too large")
    return int(value)


def _size(given: Given, name: str) -> int | None:
    value = given.last(name)
    if value is None:
        return None
    if len(value) > 18:  # noqa: PLR2004 - as above
        raise Refused(f"--{name}: {value[:20]}... is too large")
    return parse_size(value)


def _level(given: Given, name: str) -> int:
    value = given.last(name)
    if value is None:
        return NAMED
    if len(value) > 1 or int(value) > ALWAYS:
        raise Refused(f"--{name}: Invalid argument")
    return int(value)
