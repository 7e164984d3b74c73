"""What `clearward publish add` asks about rules: the lint, the probe, and reviewers."""

from collections.abc import Callable, Iterator

from clearward.core.errors import Malformed, Refused
from clearward.jail.control import Progress
from clearward.linting.findings import PROBE, Linted
from clearward.linting.lint import lint
from clearward.linting.reviewing import uncovered
from clearward.publishing.judging import Judge, Objection, Reviews
from clearward.updates.signatures import Unsigned

_UNTRIED = "probe"  # begins the name of what could not be tried


def judging(show: Callable[[Progress], None]) -> Judge:
    """Return what says what is wrong with rules.

    Args:
        show: is told how far it is.
    """

    def tell(doing: str, done: int, _of: int) -> None:
        show(Progress(doing, done))

    def judge(paths: tuple[str, ...], reviews: Reviews) -> list[Objection]:
        linted = lint(paths, tell)
        try:
            left = uncovered(linted, reviews.records, reviews.keys)
        except (Malformed, Unsigned) as error:
            raise Refused(f"a review that cannot be used: {error}") from error
        found = [
            Objection(one.rule, one.file, one.why, one.detail, blocks=one in left)
            for one in linted.findings
            if one in left or not one.blocks
        ]
        return [*_untried(linted), *found]

    return judge


def _untried(linted: Linted) -> Iterator[Objection]:
    """Yield what kept rules from being tried: nobody can call them good then."""
    for where, why in linted.unread:
        if where.startswith(_UNTRIED):
            yield Objection("", where, PROBE, why, blocks=True)
