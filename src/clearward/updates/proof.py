"""A proof that something is in a log, in one file: it is checked without a network.

    c2sp.org/tlog-proof@v1
    extra BASE64                        may be missing; nobody vouches for it
    index 73894
    base64 of a hash                    as many as the proof of inclusion has
                                        an empty line
    the signed checkpoint

Source: C2SP tlog-proof.
"""

import re
from dataclasses import dataclass

from clearward.core.errors import Malformed
from clearward.updates import base64_text
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import MOST
from clearward.updates.policy import Policy
from clearward.updates.tree import HASH_BYTES, LARGEST, check_inclusion, hash_leaf

_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST_HASHES = 63
_EXTRA = "extra "


@dataclass(frozen=True, slots=True)
class Proof:
    """What one file says.

    Attributes:
        index: of the entry, from 0.
        hashes: of the proof of inclusion, from below up.
        checkpoint: signed.
        extra: bytes that nobody vouches for.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        """Read one.

        Raises:
            Malformed: it is none.
        """
        head, gap, checkpoint = data.partition(b"\n\n")
        if not gap or len(head) > MOST:
            raise Malformed("proof", len(data), "end")
        try:
            header, *lines = head.decode("ascii").split("\n")
            extra = None
            if lines and lines[0].startswith(_EXTRA):
                extra = base64_text.decode(lines.pop(0).removeprefix(_EXTRA))
            index = _INDEX.fullmatch(lines.pop(0) if lines else "")
            hashes = tuple(base64_text.decode(line) for line in lines)
        except ValueError as error:
            raise Malformed("proof", 0, "line") from error
        if header != _HEADER or index is None or int(index[1]) >= LARGEST:
            raise Malformed("proof", 0, "header" if header != _HEADER else "index")
        if len(hashes) > _MOST_HASHES or any(len(one) != HASH_BYTES for one in hashes):
            raise Malformed("proof", 0, "hash")
        return cls(int(index[1]), hashes, checkpoint, extra)

    def to_bytes(self) -> bytes:
        """Return it as it is written."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(_EXTRA + base64_text.encode(self.extra))
        lines.append(f"index {self.index}")
        lines += map(base64_text.encode, self.hashes)
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    def check(self, entry: bytes, policy: Policy) -> Checkpoint:
        """Check that an entry is in a log that a policy trusts.

        Raises:
            Malformed: the checkpoint is none.
            Unsigned: no log that counts has signed it.
            Unwitnessed: not enough witnesses have.
            Unproven: the entry is not in it.
        """
        checkpoint = policy.check(self.checkpoint)
        leaf = hash_leaf(entry)
        check_inclusion(self.index, checkpoint.size, leaf, self.hashes, checkpoint.root)
        return checkpoint
