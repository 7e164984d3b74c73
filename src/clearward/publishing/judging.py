"""Rules that hunt documents are not published unless a reviewer has signed for them.

What is wrong with rules is said by the lint, which this room does not know: it is given
what looks at them. The records of reviewers are published with the sources, so anybody
can see who let what pass.

Source: the contract of `publish add` and `rules lint`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from clearward.core.errors import ClearwardError, Malformed, Refused
from clearward.publishing.repository import Repository
from clearward.updates.keys import Kind, PublicKey

REVIEWERS = "trust/reviewers"


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with one rule.

    Attributes:
        rule: its name.
        file: the source it stands in; untrusted.
        why: kind of the finding.
        detail: what of it; untrusted.
        blocks: it is not published like this.
    """

    rule: str
    file: str
    why: str
    detail: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """What reviewers have signed.

    Attributes:
        records: as they are in files.
        keys: of the reviewers who are believed.
    """

    records: tuple[bytes, ...] = ()
    keys: Collection[PublicKey] = ()


Judge = Callable[[tuple[str, ...], Reviews], list[Objection]]


class Objectionable(ClearwardError):
    """Rules that are not published without a review.

    Attributes:
        objections: all that block.
    """

    def __init__(self, objections: list[Objection]) -> None:
        first = objections[0]
        more = f" and {len(objections) - 1} more" if len(objections) > 1 else ""
        super().__init__(
            f"{first.rule}: {first.why}: {first.detail}{more}; a review has to cover it"
        )
        self.objections = objections


def check(objections: list[Objection]) -> None:
    """Let rules pass.

    Raises:
        Objectionable: one of them must not.
    """
    blocking = [one for one in objections if one.blocks]
    if blocking:
        raise Objectionable(blocking)


def reviewers(repository: Repository) -> list[PublicKey]:
    """Return the reviewers that a repository names, a key a line.

    Raises:
        Refused: what it names is none.
    """
    if not repository.has(REVIEWERS):
        return []
    text = repository.read(REVIEWERS).decode("utf-8", errors="replace")
    return [reviewer(line) for line in text.splitlines() if line.strip()]


def reviewer(text: str) -> PublicKey:
    """Return the key of a reviewer.

    Raises:
        Refused: it is none.
    """
    try:
        key = PublicKey.parse(text.strip())
    except Malformed as error:
        raise Refused(f"{text}: no key of a reviewer: {error}") from error
    if key.kind is not Kind.ED25519:
        raise Refused(f"{text}: the key of a witness, not of a reviewer")
    return key


def let_pass(_paths: tuple[str, ...], _reviews: Reviews) -> list[Objection]:
    """Look at nothing: for tests of everything else."""
    return []
