r"""Reviews of rules: who has looked at a finding of the lint and lets it pass.

A review is a signed note of one reviewer. It says nothing of folders or machines:

    clearward-review/v1
    NAME+HEX+BASE64                                 key of the reviewer
    {"rule":"A","source":HEX,"why":"marking"}       one line a finding, in order
                                                    an empty line
    — NAME BASE64

`source` is the SHA-256 of the file that the rule stands in, byte for byte. So a review
covers exactly what was looked at, and nothing after the next change to it.

Source: C2SP signed-note 1.0.0 for the form of the signature.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from clearward.core.errors import Malformed
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note
from clearward.updates.signatures import Unsigned, check
from clearward.updates.signers import Signer

FIRST_LINE = "clearward-review/v1"
_FORMAT = "review"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEAD = 2  # lines before the findings


@dataclass(frozen=True, slots=True, order=True)
class Reviewed:
    """One finding.

    Attributes:
        rule: name of the rule.
        source: SHA-256 of the file it stands in, hexadecimal.
        why: kind of the finding, such as ``"marking"``.
    """

    rule: str
    source: str
    why: str

    def line(self) -> str:
        """Return it as it is written."""
        fields = {"rule": self.rule, "source": self.source, "why": self.why}
        return json.dumps(fields, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Review:
    """What one reviewer has signed.

    Attributes:
        key: that has signed it.
        findings: what it lets pass.
    """

    key: PublicKey
    findings: frozenset[Reviewed]

    @classmethod
    def parse(cls, data: bytes) -> "Review":
        """Read a review and check its signature against the key that it names.

        Whether that key is one of a reviewer is for the caller to say; see `covers`.

        Raises:
            Malformed: it is none.
            Unsigned: the key has not signed it.
        """
        note = Note.parse(data)
        lines = note.text.removesuffix("\n").split("\n")
        if lines[0] != FIRST_LINE or len(lines) < _HEAD:
            raise Malformed(_FORMAT, 0, "first line")
        key = PublicKey.parse(lines[1])
        if key.kind is not Kind.ED25519:
            raise Malformed(_FORMAT, 0, "kind of key")
        findings = [_finding(line) for line in lines[_HEAD:]]
        if findings != sorted(set(findings)):
            raise Malformed(_FORMAT, 0, "order")
        check(note, key)
        return cls(key, frozenset(findings))


def signed(findings: Iterable[Reviewed], signer: Signer) -> bytes:
    """Return a review of some findings.

    Raises:
        Malformed: the key is none that signs notes.
    """
    if signer.public.kind is not Kind.ED25519:
        raise Malformed(_FORMAT, 0, "kind of key")
    lines = [FIRST_LINE, str(signer.public)]
    lines += [one.line() for one in sorted(set(findings))]
    note = Note("\n".join(lines) + "\n", ())
    return note.signed(signer.sign(note, 0)).to_bytes()


def covers(
    findings: Collection[Reviewed],
    reviews: Iterable[bytes],
    keys: Collection[PublicKey],
) -> list[Reviewed]:
    """Return the findings that no review covers, in order; none of them is good.

    Args:
        findings: of the lint.
        reviews: as files have them.
        keys: of the reviewers that are believed. With none, nothing is covered.

    Raises:
        Malformed: one of the reviews is none.
        Unsigned: one is not signed by the key it names, or by none that is believed.
    """
    covered: set[Reviewed] = set()
    for data in reviews:
        review = Review.parse(data)
        if review.key not in keys:
            raise Unsigned(f"reviewed with a key that is not known: {review.key.name}")
        covered |= review.findings
    return sorted(set(findings) - covered)


def _finding(line: str) -> Reviewed:
    try:
        fields: dict[str, Any] = json.loads(line)
        found = Reviewed(**fields)
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed(_FORMAT, 0, "finding") from error
    words: tuple[object, ...] = (found.rule, found.source, found.why)
    if not all(isinstance(word, str) for word in words):
        raise Malformed(_FORMAT, 0, "finding")
    if not _DIGEST.fullmatch(found.source) or found.line() != line:
        raise Malformed(_FORMAT, 0, "spelling")
    return found
