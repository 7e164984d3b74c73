"""A scan that is to be done again and again."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from clearward.core.errors import Refused
from clearward.egress.request import Place
from clearward.faces.schedule.calendar import check

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
KINDS = ("quick", "full", "paths")
_MOST_PATHS = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is scanned, and when.

    Attributes:
        name: tells it from others.
        calendar: when, in the words of systemd.time(7).
        kind: ``"quick"``, ``"full"``, or ``"paths"`` for those alone.
        paths: absolute; what is scanned, besides what the kind says.
        rules: absolute; rule sources besides the installed ones.
        quarantine: what is found is moved away.
        on_battery: also without mains.
        accept_unscanned: status 2 is no failure.
        notify_url: who is told when something is found or left unscanned.

    Raises:
        Refused: a value that cannot be used.
    """

    name: str
    calendar: str
    kind: str
    paths: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    quarantine: bool = False
    on_battery: bool = False
    accept_unscanned: bool = False
    notify_url: str = ""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise Refused(
                f"{self.name!r} is no name: letters, digits, - and _, at most 64"
            )
        check(self.calendar)
        if self.notify_url:
            Place.parse(self.notify_url)
        if self.kind not in KINDS:
            raise Refused(f"{self.kind!r} is no kind of scan")
        if self.kind == "paths" and not self.paths:
            raise Refused("nothing to scan: name a path, --quick or --full")
        if len(self.paths) > _MOST_PATHS:
            raise Refused(f"more than {_MOST_PATHS} paths")
        if not all(path.startswith("/") for path in (*self.paths, *self.rules)):
            raise Refused("a path that is not absolute")
        if any("\0" in path for path in (*self.paths, *self.rules)):
            raise Refused("a path with a NUL in it")

    def to_json(self) -> str:
        """Write it in one line of ASCII."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Read it.

        Raises:
            Refused: it is none.
        """
        try:
            row: dict[str, Any] = json.loads(text)
            return cls(
                _word(row["name"]),
                _word(row["calendar"]),
                _word(row["kind"]),
                tuple(map(_word, row["paths"])),
                tuple(map(_word, row["rules"])),
                quarantine=row["quarantine"] is True,
                on_battery=row["on_battery"] is True,
                accept_unscanned=row["accept_unscanned"] is True,
                notify_url=_word(row.get("notify_url", "")),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Refused("what a unit says of itself cannot be read") from error


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
