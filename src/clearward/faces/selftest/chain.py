"""What a chain of programs did with a sample, and what follows from it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from clearward.core.errors import ClearwardError
from clearward.faces.selftest.samples import Sample, clean, eicar


class NotAble(ClearwardError):
    """The chain could not be tried; the message says where it ended."""


class Fate(Enum):
    """What became of a sample."""

    BLOCKED = "blocked"
    PASSED = "passed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one sample.

    Attributes:
        fate: what became of it.
        said: what each hop said about it, in order.
    """

    fate: Fate
    said: tuple[str, ...] = ()


class Chain(Protocol):
    """A way into the site."""

    @property
    def name(self) -> str:
        """What it is, such as ``"squid"``."""

    @property
    def target(self) -> str:
        """Its address."""

    def send(self, sample: Sample) -> Seen:
        """Send a sample and see what becomes of it.

        Raises:
            NotAble: it could not be sent.
        """


class Outcome(Enum):
    """What a self-test says of a chain."""

    BLOCKED = "blocked"
    NOT_BLOCKED = "not-blocked"
    NOT_ABLE = "not-able"


@dataclass(frozen=True, slots=True)
class Tried:
    """One chain, tried.

    Attributes:
        name: of the chain.
        target: its address.
        outcome: what it comes to.
        why: in a few words.
        seen: by the name of the sample.
    """

    name: str
    target: str
    outcome: Outcome
    why: str
    seen: dict[str, Seen] = field(default_factory=dict)


def tried(chain: Chain) -> Tried:
    """Send both samples, the harmless one first, and say what it comes to.

    A chain that blocks everything proves nothing, and one that lets the test file
    through is not blocking, whatever else is wrong with it.
    """
    seen: dict[str, Seen] = {}
    troubles: list[str] = []
    for sample in (clean(), eicar()):
        try:
            seen[sample.name] = chain.send(sample)
        except NotAble as error:
            troubles.append(f"the {sample.name} file: {error}")
    outcome, why = _judged(seen, troubles)
    return Tried(chain.name, chain.target, outcome, why, seen)


def _judged(seen: dict[str, Seen], troubles: list[str]) -> tuple[Outcome, str]:
    bad, good = (seen.get(name, Seen(Fate.UNCLEAR)).fate for name in ("eicar", "clean"))
    if bad is Fate.PASSED:
        return Outcome.NOT_BLOCKED, "the EICAR test file was let through"
    if troubles:
        return Outcome.NOT_ABLE, "; ".join(troubles)
    if bad is Fate.UNCLEAR:
        return Outcome.NOT_ABLE, "it is not clear what became of the EICAR test file"
    if good is Fate.BLOCKED:
        return Outcome.NOT_ABLE, "a harmless file was blocked as well"
    if good is Fate.UNCLEAR:
        return Outcome.NOT_ABLE, "it is not clear what became of a harmless file"
    return Outcome.BLOCKED, "the EICAR test file was blocked, a harmless file passed"
