"""What is found about rules, as people see it and as a review names it."""

from dataclasses import dataclass

from clearward.updates.review import Reviewed

MARKING = "marking"
PROBE = "probe"
BLOCKING = frozenset((MARKING, PROBE))  # what nobody may publish without a review


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about one rule.

    Attributes:
        rule: its name.
        file: the source it stands in, as it was named; untrusted.
        why: kind of the finding.
        detail: what of it, in a few words; untrusted, since rules are.
        source: SHA-256 of that file, hexadecimal.
    """

    rule: str
    file: str
    why: str
    detail: str
    source: str

    @property
    def blocks(self) -> bool:
        """Nobody may publish the rule without a review."""
        return self.why in BLOCKING

    @property
    def reviewed(self) -> Reviewed:
        """What a review says of it."""
        return Reviewed(self.rule, self.source, self.why)


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of some sources.

    Attributes:
        rules: how many there are.
        findings: about them, in the order of the sources.
        unread: files of which not all could be read, with a reason; untrusted. What is
            not read cannot be called good.
    """

    rules: int
    findings: tuple[Finding, ...]
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def flagged(self) -> int:
        """How many rules have a finding."""
        return len({(one.file, one.rule) for one in self.findings})

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What nobody may publish without a review."""
        return tuple(one for one in self.findings if one.blocks)
