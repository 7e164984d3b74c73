"""Turn ClamAV's databases into signatures in force.

Apart from `compile`, since readers, builder and matcher together take 0.1 s to import:
the zygote loads this only where a source is of ClamAV's kinds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from clearward.core.names import Problem, RuleName, printable
from clearward.rules.clamav.load import Databases
from clearward.rules.image.build import build
from clearward.rules.signatures import Signatures
from clearward.rules.source import Source


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of the databases.

    Attributes:
        signatures: in force, or None if there is not one.
        names: of their rules, in order.
        problems: what could not be used.
        left: what was left out on purpose, in a few words, and how much of it.
        ignored: names of rules that are to be left out of images, too.
        ignoring: sources that name what is left out by its line, which no image has.
    """

    signatures: Signatures | None
    names: tuple[RuleName, ...]
    problems: tuple[Problem, ...]
    left: tuple[tuple[str, int], ...]
    ignored: frozenset[str] = frozenset()
    ignoring: frozenset[int] = frozenset()


def compile_databases(
    sources: Sequence[Source], first: int, *, unwanted: bool
) -> Compiled:
    """Compile the sources of ClamAV's kinds; others are passed over.

    Args:
        sources: all there are, by number.
        first: number of the first rule.
        unwanted: rules of the potentially unwanted kinds are in force, too.
    """
    read = Databases(sources, unwanted=unwanted)
    signatures, names = None, []
    if not read.empty:
        image = build(read.signatures, read.digests())
        for refused in image.refused:
            read.left[refused.message] += 1
        signatures = Signatures(bytes(image), first)
        names = [signatures.name(rule) for rule in range(signatures.rules)]
    places = {source.number: source.origin for source in sources}
    rows = tuple(
        _named(name, number, places.get(number, "local"))
        for name in names
        for number in (read.origins.get(name, -1),)
    )
    left = tuple(sorted(read.left.items()))
    ignoring = frozenset(read.ignoring)
    problems = tuple(read.problems)
    return Compiled(signatures, rows, problems, left, read.ignored, ignoring)


def _named(name: str, number: int, origin: str) -> RuleName:
    return RuleName(printable(name), origin, number, "clamav")
