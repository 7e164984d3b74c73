"""Read a command line by the rules of ClamAV's programs, without doing anything else.

They are those of getopt_long(3): short options may be joined (``-ri``) and carry their
value (``-d/db``), long ones may be shortened as long as it is clear which is meant, a
value stands behind ``=`` or in the next word, operands may stand anywhere, and ``--``
ends the options. A value that may be left out is only taken behind ``=``.

Which options there are stands in a table, a line each: name, letter or ``-``, kind of
its value, and what becomes of it. Kinds: `flag` may be followed by ``=yes`` or ``=no``,
`number` and `size` need digits, `level` is 0, 1 or 2 and may be left out, `text` is
anything.

Source: clamscan(1), clamdscan(1), and what both answer to wrong options.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clearward.core.errors import ClearwardError

_VALUES = {
    "flag": re.compile(r"(?i:yes|no|true|false|1|0)"),
    "number": re.compile(r"[0-9]+"),
    "size": re.compile(r"[0-9]+[kKmMgG]?"),
    "level": re.compile(r"[0-9]+"),
    "text": re.compile(r"(?s:.*)"),
}
_LEFT_OUT = {"flag": "yes", "level": "2"}  # kinds whose value may be left out
_NO = ("no", "false", "0")


class WrongUse(ClearwardError):
    """A command line that cannot be understood.

    Attributes:
        lines: what the original says about it on standard error.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = (*lines, "ERROR: Can't parse command line options")


@dataclass(frozen=True, slots=True)
class Option:
    """One option; see the module for its fields."""

    name: str
    letter: str
    kind: str
    fate: str

    @property
    def called(self) -> str:
        """As it is named in a message."""
        return f"--{self.name}" + (f" (-{self.letter})" if self.letter else "")


def read_table(text: str) -> tuple[Option, ...]:
    """Read a table of options; a line that begins with ``#`` is a comment.

    Raises:
        ValueError: a line that is none.
    """
    options = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, letter, kind, fate = line.split()
        if kind not in _VALUES:
            raise ValueError(f"no such kind: {kind}")
        options.append(Option(name, letter.removeprefix("-"), kind, fate))
    return tuple(options)


@dataclass(slots=True)
class Given:
    """What a command line says.

    Attributes:
        options: as they were given, each with its values, the last one last.
        operands: words that are no options.
    """

    options: dict[Option, list[str]] = field(default_factory=dict)
    operands: list[str] = field(default_factory=list)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an option."""
        return next((tuple(v) for o, v in self.options.items() if o.name == name), ())

    def last(self, name: str) -> str | None:
        """The value of an option, or None if it was not given."""
        values = self.all(name)
        return values[-1] if values else None

    def on(self, name: str, *, otherwise: bool = False) -> bool:
        """Say whether a flag is set."""
        value = self.last(name)
        return otherwise if value is None else value.lower() not in _NO

    def of(self, fate: str) -> tuple[Option, ...]:
        """The options that were given and of which becomes this."""
        return tuple(option for option in self.options if option.fate == fate)


def parse(program: str, table: Iterable[Option], words: Sequence[str]) -> Given:
    """Read the words behind the name of the program.

    Raises:
        WrongUse: an option that is not known, or a value that does not fit.
    """
    return _Reading(program, tuple(table), list(words)).given()


class _Reading:
    """One command line on its way to `Given`."""

    def __init__(
        self, program: str, table: tuple[Option, ...], words: list[str]
    ) -> None:
        self._program = program
        self._table = table
        self._words = words
        self._given = Given()

    def given(self) -> Given:
        while self._words:
            word = self._words.pop(0)
            if word == "--":
                self._given.operands += self._words
                break
            if word.startswith("--"):
                self._long(word)
            elif word.startswith("-") and word != "-":
                self._short(word[1:])
            else:
                self._given.operands.append(word)
        return self._given

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        option = self._named(name, word)
        if equals:
            self._take(option, value)
        elif option.kind in _LEFT_OUT:
            self._take(option, _LEFT_OUT[option.kind])
        elif self._words:
            self._take(option, self._words.pop(0))
        else:
            raise WrongUse(
                f"{self._program}: option `--{option.name}' requires an argument",
                "ERROR: Incomplete option passed (missing argument)",
            )

    def _named(self, name: str, word: str) -> Option:
        fitting = [option for option in self._table if option.name == name]
        fitting = fitting or [o for o in self._table if o.name.startswith(name)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            said = f"{self._program}: option `{word}' is ambiguous"
        else:
            said = f"{self._program}: unrecognized option `{word}'"
        raise WrongUse(said, "ERROR: Unknown option passed")

    def _short(self, letters: str) -> None:
        while letters:
            letter, letters = letters[0], letters[1:]
            option = next((o for o in self._table if o.letter == letter), None)
            if option is None:
                raise WrongUse(
                    f"{self._program}: illegal option -- {letter}",
                    "ERROR: Unknown option passed",
                )
            if option.kind in _LEFT_OUT:
                self._take(option, _LEFT_OUT[option.kind])
            elif letters or self._words:
                self._take(option, letters or self._words.pop(0))
                return
            else:
                raise WrongUse(
                    f"{self._program}: option requires an argument -- {letter}",
                    "ERROR: Incomplete option passed (missing argument)",
                )

    def _take(self, option: Option, value: str) -> None:
        if not _VALUES[option.kind].fullmatch(value):
            raise WrongUse(
                f"ERROR: Incorrect argument format for option --{option.name}"
            )
        self._given.options.setdefault(option, []).append(value)
