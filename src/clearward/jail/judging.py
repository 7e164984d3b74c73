"""Which rule sources are refused for what is wrong in them."""

from collections.abc import Sequence

from clearward.core.errors import Refused
from clearward.core.names import Table
from clearward.jail.sources import CLAMAV, RuleFile


def judge(
    files: Sequence[RuleFile], table: Table, paths: Sequence[str], *, strict: bool
) -> None:
    """Refuse a source that a person named and that is not good as a whole.

    Args:
        files: the sources, by number.
        table: what came of them.
        paths: that a person named.
        strict: refuse any source with a bad line.

    Raises:
        Refused: one is refused, or nothing that was named holds a rule.
    """
    for problem in table.problems:
        file = files[problem.source]
        if strict or (file.named and problem.fatal):
            raise Refused(f"{file.label}{problem.place}: {problem.message}")
    for image in table.images:
        if strict and image.unusable:
            raise Refused(
                f"{files[image.source].label}: {image.unusable} lines or "
                "rules of its sources could not be used when it was compiled"
            )
    # A database of ClamAV may be all bad lines, each of which is counted.
    counted = any(file.kind in CLAMAV for file in files)
    if paths and not (table.count or counted):
        raise Refused("the rule sources hold no rule that can be used")
