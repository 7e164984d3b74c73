"""The name table: what the rules in force are called, and what could not be used.

The zygote makes it while it compiles, before it has seen any scanned file. The broker
keeps its own copy and turns rule numbers into names with it, so no worker can make up
a name.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

RULE_NAME = re.compile(r"[!-~]{1,128}")
ORIGINS = ("bundle", "local", "builtin", "intel")


@dataclass(frozen=True, slots=True)
class RuleName:
    """One rule, as people see it.

    Attributes:
        name: the rule's own name, printable ASCII without spaces.
        origin: one of `ORIGINS`.
        source: number of the source it came from; -1 for a rule that is code.
        kind: ``"yara"``, ``"digest"`` or ``"code"``.
        strings: identifiers of its strings, such as ``"$a"``, for `--explain`.
        meta: what it says about itself, name and value; empty unless asked for.

    Raises:
        ValueError: a name or an origin outside the vocabulary.
    """

    name: str
    origin: str
    source: int
    kind: str
    strings: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not RULE_NAME.fullmatch(self.name):
            raise ValueError("a rule name has characters outside the allowed set")
        if self.origin not in ORIGINS:
            raise ValueError(f"no such origin: {self.origin!r}")


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


@dataclass(frozen=True, slots=True)
class Table:
    """What was loaded.

    Attributes:
        rules: by rule number.
        problems: in the order of the sources.
        digests: SHA-256 of each source as it was read, hexadecimal, by source number.
    """

    rules: tuple[RuleName, ...]
    problems: tuple[Problem, ...]
    digests: tuple[str, ...]

    def to_json(self) -> bytes:
        """Write the table for the socket."""
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Table":
        """Read a table from the socket.

        Raises:
            ValueError: it is not one.
        """
        try:
            fields: dict[str, Any] = json.loads(data)
            return cls(
                tuple(_rule(**rule) for rule in fields["rules"]),
                tuple(Problem(**problem) for problem in fields["problems"]),
                tuple(str(digest) for digest in fields["digests"]),
            )
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("not a name table") from error


def _rule(
    strings: list[str],
    meta: list[list[str]],
    **fields: Any,  # noqa: ANN401 - JSON
) -> RuleName:
    told = tuple((str(name), str(value)) for name, value in meta)
    return RuleName(strings=tuple(map(str, strings)), meta=told, **fields)
