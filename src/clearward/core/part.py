"""What an unpacker yields: the parts of a container, and the gaps between them."""

from dataclasses import dataclass, field

from clearward.core.reader import Content
from clearward.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class Member:
    """What a container says about a member, true or not.

    Attributes:
        position: among the members, counted from 1; 0 if they are not counted, as in a
            mail, or in an archive that begins in the middle of a part.
        packed: bytes that the member takes in the container; 0 if it does not say;
            None for as many as its content has.
        size: bytes of the content; None if only reading it tells.
        encrypted: a password is needed.
        start: where in the part the container begins, in bytes.
    """

    position: int = 0
    packed: int | None = 0
    size: int | None = None
    encrypted: bool = False
    start: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes inside a container: a member, a stream, an attachment.

    Attributes:
        content: the bytes, either at hand (`Reader`) or as they are unpacked
            (`Stream`). A stream is read before the next part is asked for.
        name: the name stored in the container, raw and untrusted; empty if none.
        packed: bytes the part takes in the container, if that is known, else 0. The
            ratio limit needs it.
        member: what the container says about it, if signatures may ask. Of several
            parts and gaps that are one member the first has it.
        searched: it is a piece of the part around it, which was searched already for
            containers that begin in its middle.
        guessed: nothing says that these bytes are a part, but that they look like one:
            that it is damaged or cut short says nothing then, unless something came
            out of it.
    """

    content: Content
    name: bytes = b""
    packed: int = 0
    member: Member | None = field(default=None, compare=False)
    searched: bool = field(default=False, compare=False)
    guessed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in a container that could not be read; the container goes on.

    Attributes:
        reason: a single reason, such as `Reason.ENCRYPTED`.
        name: the name stored in the container, raw and untrusted; empty if none.
        member: as in `Part`.
    """

    reason: Reason
    name: bytes = b""
    member: Member | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Mention:
    """A member without content, such as a folder: only signatures about members ask.

    Attributes:
        name: the name stored in the container, raw and untrusted.
        member: as in `Part`.
    """

    name: bytes
    member: Member


@dataclass(frozen=True, slots=True)
class Link:
    """Something outside that a document asks its reader to fetch. It never is.

    Attributes:
        target: the address as the document says it, raw and untrusted.
        name: the member that says so; empty if it is the part itself.
        member: as in `Part`.
    """

    target: bytes
    name: bytes = b""
    member: Member | None = field(default=None, compare=False)


Item = Part | Gap | Mention | Link
