"""Name spaces of sources: one for each file, and one for each file of an archive.

3      the source number 3
3.12   the file number 12 of the archive that is the source number 3
"""

from collections.abc import Iterable

from clearward.core.names import Problem
from clearward.rules.source import Source

OTHERS = "files in archives that hold no rules"  # left out, as it is told


def spaces_of(sources: Iterable[Source]) -> tuple[dict[str, Source], list[Problem]]:
    """Return files of rules by name space, and a problem for each refused archive."""
    spaces: dict[str, Source] = {}
    problems: list[Problem] = []
    for source in sources:
        if source.archive is None:
            spaces[f"{source.number}"] = source
            continue
        if source.archive.refused:
            said = source.archive.refused
            problems.append(Problem(source.number, 0, 0, said, fatal=True))
        for place, member in enumerate(source.archive.members):
            spaces[f"{source.number}.{place}"] = member
    return spaces, problems


def others_in(sources: Iterable[Source]) -> dict[str, int]:
    """Return how many files in archives hold no rules; nothing if there is none."""
    count = sum(one.archive.others for one in sources if one.archive is not None)
    return {OTHERS: count} if count else {}


def said_of(source: Source, message: str) -> str:
    """Return a message about a source; that of an archive's file begins with its name.

    Line and column beside it are those in that file, as they are for ClamAV's
    containers.
    """
    return f"{source.member}: {message}" if source.member else message
