"""What a pattern says, as values.

    pattern        = Observation | Joined | Qualified
    Observation    [ test ]                      something seen at one time
    Joined         AND, OR, FOLLOWEDBY           between observations
    Qualified      WITHIN, REPEATS, START STOP   of observations
    test           = Comparison | Junction
    Junction       AND, OR                       on the same object

What is joined by the same word stands side by side, so the depth of a tree is that of
the brackets in its text, which the reader bounds. A tree is made by the reader alone.

Source: STIX 2.1, sections 9.2 to 9.7.
"""

from dataclasses import dataclass
from enum import StrEnum


class Operator(StrEnum):
    """How a value is compared (STIX 2.1, section 9.6.1)."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    IN = "IN"
    LIKE = "LIKE"
    MATCHES = "MATCHES"
    ISSUBSET = "ISSUBSET"
    ISSUPERSET = "ISSUPERSET"
    EXISTS = "EXISTS"


class Word(StrEnum):
    """What joins tests, or observations."""

    AND = "AND"
    OR = "OR"
    FOLLOWEDBY = "FOLLOWEDBY"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it was written, such as ``2016-06-01T01:30:00.123Z``."""

    text: str


class Every(StrEnum):
    """A step to each member of a list."""

    MEMBER = "*"


# Hexadecimal and base64 are two ways to write bytes.
Literal = str | int | float | bool | bytes | Moment
Step = str | int | Every


@dataclass(frozen=True, slots=True)
class Path:
    """Where in an object a value is.

    Attributes:
        type: of the object, such as ``file``.
        steps: keys, positions in lists and steps to every member; at least one, and
            the first is a key.
    """

    type: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of one value.

    Attributes:
        path: where the value is.
        operator: how it is compared.
        operands: what it is compared with: none for EXISTS, any number for IN, else
            one.
        is_negated: NOT stands before the operator.
    """

    path: Path
    operator: Operator
    operands: tuple[Literal, ...] = ()
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Junction:
    """Tests of the same object, two at least, joined by AND or by OR."""

    word: Word
    parts: "tuple[Test, ...]"


Test = Comparison | Junction


@dataclass(frozen=True, slots=True)
class Within:
    """All of it in so many seconds; more than none."""

    seconds: int | float


@dataclass(frozen=True, slots=True)
class Repeats:
    """So many times, by other observations each time; once at least."""

    times: int


@dataclass(frozen=True, slots=True)
class Between:
    """From the start on, and before the stop."""

    start: Moment
    stop: Moment


Qualifier = Within | Repeats | Between


@dataclass(frozen=True, slots=True)
class Observation:
    """Something seen at one time that passes a test."""

    test: Test


@dataclass(frozen=True, slots=True)
class Joined:
    """Observations, two at least; FOLLOWEDBY keeps their order."""

    word: Word
    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Qualified:
    """Observations with conditions of time; the first qualifier is the innermost."""

    what: "Observation | Joined"
    qualifiers: tuple[Qualifier, ...]


Pattern = Observation | Joined | Qualified
