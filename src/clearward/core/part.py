"""What an unpacker yields: the parts of a container, and the gaps between them."""

from dataclasses import dataclass

from clearward.core.reader import Content
from clearward.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes inside a container: a member, a stream, an attachment.

    Attributes:
        content: the bytes, either at hand (`Reader`) or as they are unpacked
            (`Stream`). A stream is read before the next part is asked for.
        name: the name stored in the container, raw and untrusted; empty if none.
        packed: bytes the part takes in the container, if that is known, else 0. The
            ratio limit needs it.
    """

    content: Content
    name: bytes = b""
    packed: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in a container that could not be read; the container goes on.

    Attributes:
        reason: a single reason, such as `Reason.ENCRYPTED`.
        name: the name stored in the container, raw and untrusted; empty if none.
    """

    reason: Reason
    name: bytes = b""


Item = Part | Gap
