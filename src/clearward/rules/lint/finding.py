"""What the lint says about a rule."""

from dataclasses import dataclass

MARKING = "marking"
DOCUMENT_WORDS = "document-words"
DOCUMENT_TYPE = "document-type"
TARGETING = "targeting"
OPAQUE_HASH = "opaque-hash"

_LONGEST = 200  # characters of a detail


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a rule.

    Attributes:
        why: one of the words above.
        detail: what of it, a few words; untrusted, since rules are.
    """

    why: str
    detail: str

    def row(self) -> tuple[str, str]:
        """Return it as a pair of name and value."""
        return self.why, self.detail[:_LONGEST]
