"""The name table: what the rules in force are called, and what could not be used.

The zygote makes it while it compiles, before it has seen any scanned file. The broker
keeps its own copy and turns rule numbers into names with it, so no worker can make up
a name.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

RULE_NAME = re.compile(r"[!-~]{1,128}")
ORIGINS = ("bundle", "local", "builtin", "intel")
MOST_PROBLEMS = 1000  # that one table tells; the rest is counted

_fits = RULE_NAME.fullmatch
_LONGEST_NAME = 128
_OUTSIDE_NAMES = re.compile(r"[^!-~]+")


def printable(text: str) -> str:
    """Return a name of the allowed characters; what is outside becomes underscores."""
    return _OUTSIDE_NAMES.sub("_", text)[:_LONGEST_NAME] or "_"


@dataclass(frozen=True, slots=True)
class RuleName:
    """One rule, as people see it.

    Attributes:
        name: the rule's own name, printable ASCII without spaces.
        origin: one of `ORIGINS`.
        source: number of the source it came from; -1 for a rule that is code.
        kind: ``"yara"``, ``"digest"``, ``"clamav"`` or ``"code"``.
        strings: identifiers of its strings, such as ``"$a"``, for `--explain`.
        meta: what it says about itself, name and value; empty unless asked for.
        signed: ClamAV's publisher has signed it; told apart outside of the jail, see
            `jail.rules_in_force`.
        member: of its source, if that is an archive of rules; untrusted.

    Raises:
        ValueError: a name or an origin outside the vocabulary.
    """

    name: str
    origin: str
    source: int
    kind: str
    strings: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    signed: bool = False
    member: str = ""

    def __post_init__(self) -> None:
        if not _fits(self.name):
            raise ValueError("a rule name has characters outside the allowed set")
        if self.origin not in ORIGINS:
            raise ValueError(f"no such origin: {self.origin!r}")

    def place(self, label: str) -> str:
        """Return where it stands, in a source that is called so."""
        return f"{label}: {self.member}" if self.member else label


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a rule source that cannot be used.

    Attributes:
        source: number of the source.
        line: counted from 1; 0 if no line is at fault.
        column: counted from 1; 0 if unknown.
        message: one line, in the words of whoever found it. Untrusted: escape it.
        fatal: the source as a whole does not compile.
    """

    source: int
    line: int
    column: int
    message: str
    fatal: bool

    @property
    def place(self) -> str:
        """Line and column as compilers write them, each behind a colon."""
        if not self.line:
            return ""
        return f":{self.line}" + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class ImageRules:
    """The rules of one compiled image, most of which are named where they lie.

    Attributes:
        source: number of the image among the sources.
        first: number of its first rule; the others follow.
        count: how many there are.
        told: the first of them, which are named here.
        unwanted: how many are potentially unwanted and not in force.
        unusable: lines and rules that could not be used when it was compiled.
        duplicates: how often a name, or a digest with its name, was there before.
        kinds: how many rules there are of each kind.
        left: as in `Table`, when it was compiled.
        made_of: its sources: base name, kind, SHA-256, and how many rules of it.
    """

    source: int
    first: int
    count: int
    told: tuple[RuleName, ...] = ()
    unwanted: int = 0
    unusable: int = 0
    duplicates: int = 0
    kinds: tuple[tuple[str, int], ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    made_of: tuple[tuple[str, str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What was loaded.

    Attributes:
        rules: by rule number; those of images have the numbers behind them.
        problems: in the order of the sources; of those that refuse no source at most
            `MOST_PROBLEMS` are told.
        digests: SHA-256 of each source as it was read, hexadecimal, by source number.
        more_problems: how many more there are.
        left: what was left out on purpose, in a few words, and how much of it.
        images: rules that come from compiled images, in the order of their numbers.
    """

    rules: tuple[RuleName, ...]
    problems: tuple[Problem, ...]
    digests: tuple[str, ...]
    more_problems: int = 0
    left: tuple[tuple[str, int], ...] = ()
    images: tuple[ImageRules, ...] = ()

    @property
    def count(self) -> int:
        """Every rule number is below this."""
        return len(self.rules) + sum(image.count for image in self.images)

    @property
    def in_force(self) -> int:
        """How many rules there are, without those that nobody asked for."""
        return self.count - sum(image.unwanted for image in self.images)

    def to_json(self) -> bytes:
        """Write the table for the socket: rows of values, since there may be millions.

        What most rows leave empty is left out at their end.
        """
        told = self.problems
        if len(told) > MOST_PROBLEMS:
            fatal = [one for one in told if one.fatal]
            others = [one for one in told if not one.fatal]
            told = (*fatal, *others[: max(MOST_PROBLEMS - len(fatal), 0)])
        rows = {
            "rules": [_row(rule) for rule in self.rules],
            "problems": [
                (one.source, one.line, one.column, one.message, one.fatal)
                for one in told
            ],
            "digests": self.digests,
            "more": self.more_problems + len(self.problems) - len(told),
            "left": self.left,
            "images": [_image_row(image) for image in self.images],
        }
        return json.dumps(rows, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_json(cls, data: bytes) -> "Table":
        """Read a table from the socket.

        Raises:
            ValueError: it is not one.
        """
        try:
            rows: dict[str, Any] = json.loads(data)
            return cls(
                tuple([_rule(*row) for row in rows["rules"]]),
                tuple([_problem(*row) for row in rows["problems"]]),
                tuple([_checked(digest, str) for digest in rows["digests"]]),
                _checked(rows["more"], int),
                _counts(rows["left"]),
                tuple([_image(*row) for row in rows["images"]]),
            )
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("not a name table") from error


Row = (
    tuple[str, str, int, str]
    | tuple[str, str, int, str, tuple[str, ...]]
    | tuple[str, str, int, str, tuple[str, ...], tuple[tuple[str, str], ...]]
    | tuple[str, str, int, str, tuple[str, ...], tuple[tuple[str, str], ...], str]
)


def _row(rule: RuleName) -> Row:
    if rule.member:
        front = rule.name, rule.origin, rule.source, rule.kind
        return *front, rule.strings, rule.meta, rule.member
    if rule.meta:
        return rule.name, rule.origin, rule.source, rule.kind, rule.strings, rule.meta
    if rule.strings:
        return rule.name, rule.origin, rule.source, rule.kind, rule.strings
    return rule.name, rule.origin, rule.source, rule.kind


def _rule(  # noqa: PLR0917 - a row
    name: str,
    origin: str,
    source: int,
    kind: str,
    strings: list[str] | tuple[()] = (),
    meta: list[list[str]] | tuple[()] = (),
    member: str = "",
) -> RuleName:
    told = tuple((_checked(one, str), _checked(value, str)) for one, value in meta)
    return RuleName(
        name,
        origin,
        _checked(source, int),
        _checked(kind, str),
        tuple(_checked(string, str) for string in _checked(strings, list | tuple)),
        told,
        member=_checked(member, str),
    )


def _image_row(image: ImageRules) -> list[object]:
    told = [_row(rule) for rule in image.told]
    numbers = [getattr(image, name) for name in _NUMBERS]
    return [told, numbers, image.kinds, image.left, image.made_of]


_NUMBERS = ("source", "first", "count", "unwanted", "unusable", "duplicates")


def _image(
    told: list[Row],
    numbers: list[int],
    kinds: list[list[object]],
    left: list[list[object]],
    made_of: list[list[object]],
) -> ImageRules:
    named = {
        name: _checked(number, int)
        for name, number in zip(_NUMBERS, numbers, strict=True)
    }
    return ImageRules(
        **named,
        told=tuple([_rule(*row) for row in told]),
        kinds=_counts(kinds),
        left=_counts(left),
        made_of=tuple(
            (
                *(_checked(field, str) for field in (name, kind, digest)),
                _checked(count, int),
            )
            for name, kind, digest, count in made_of
        ),
    )


def _counts(rows: list[list[object]]) -> tuple[tuple[str, int], ...]:
    return tuple((_checked(what, str), _checked(count, int)) for what, count in rows)


def _problem(source: int, line: int, column: int, message: str, fatal: bool) -> Problem:  # noqa: FBT001 - a row
    return Problem(
        _checked(source, int),
        _checked(line, int),
        _checked(column, int),
        _checked(message, str),
        _checked(fatal, bool),
    )


def _checked(value: Any, kind: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value of the right type, or raise TypeError."""
    if not isinstance(value, kind):
        raise TypeError("a field of a wrong type")
    return value
