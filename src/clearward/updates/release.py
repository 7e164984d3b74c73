"""What the log says of one release of rules: an entry, one line of JSON.

    {"previous":HEX,"product":"clearward-rules","rules":HEX,"seq":3,"source":HEX}

Names are in order and nothing stands between them, so that the same release has the
same bytes. Each names the one before it: who has one entry can follow all that went
before without the log.

Source: the contract of `publish add`.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from clearward.core.errors import Malformed

PRODUCT = "clearward-rules"
MOST = 4096  # bytes
FIRST = "0" * 64  # in the place of the entry before the first
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LATEST = (1 << 53) - 1  # the largest number that every reader of JSON has


@dataclass(frozen=True, slots=True)
class Release:
    """One release.

    Attributes:
        seq: number, from 1.
        rules: SHA-256 of the compiled image, hexadecimal.
        source: SHA-256 of the archive of its sources.
        previous: SHA-256 of the entry before it.
        product: which rules they are.
    """

    seq: int
    rules: str
    source: str
    previous: str = FIRST
    product: str = PRODUCT

    def to_bytes(self) -> bytes:
        """Return the entry."""
        fields = {
            "previous": self.previous,
            "product": self.product,
            "rules": self.rules,
            "seq": self.seq,
            "source": self.source,
        }
        return json.dumps(fields, separators=(",", ":")).encode("ascii")

    @classmethod
    def parse(cls, data: bytes) -> "Release":
        """Read an entry.

        Raises:
            Malformed: it is none, or has another spelling.
        """
        if len(data) > MOST:
            raise Malformed("release", MOST, "length")
        try:
            fields: dict[str, Any] = json.loads(data.decode("ascii"))
            found = cls(**fields)
        except (ValueError, TypeError, RecursionError) as error:
            raise Malformed("release", 0, "form") from error
        if type(found.seq) is not int or not 0 < found.seq <= _LATEST:
            raise Malformed("release", 0, "seq")
        digests: tuple[object, ...] = (found.rules, found.source, found.previous)
        if not all(isinstance(one, str) and _DIGEST.fullmatch(one) for one in digests):
            raise Malformed("release", 0, "digest")
        if found.product != PRODUCT or found.to_bytes() != data:
            raise Malformed("release", 0, "spelling")
        return found

    def follows(self, entry: bytes) -> bool:
        """Say whether this is the release behind an entry; empty for the first."""
        if not entry:
            return self.seq == 1 and self.previous == FIRST
        before = Release.parse(entry)
        digest = hashlib.sha256(entry).hexdigest()
        return self.seq == before.seq + 1 and self.previous == digest
