"""What the gate and the daemon say to each other, without a socket.

Messages on a SOCK_SEQPACKET pair, so each comes whole. A byte for the kind, then its
fields in host byte order; an `Ask`, a `Mark` and a `Learn` of something found carry one
descriptor.
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import NamedTuple

from clearward.core.errors import Malformed
from clearward.faces.guard.memory import File, Known, State

MOST = 65536  # bytes of a message
_NAME = "guard message"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the gate has to know, sent first.

    Attributes:
        daemon: its process number.
        program: path of the interpreter it runs in.
        deadline: seconds until an event is answered by the policy.
        allow: what that policy says.
        allow_unscanned: what is said of what could not be scanned.
        roots: only what lies below one of these paths; everything if there is none.
        apart: below these paths everybody may open everything: what guard keeps itself.
        programs: paths of programs that may open everything.
        users: of whom the same is true.
        patterns: of paths that everybody may open.
        remembered: most files that are remembered.

    Raises:
        ValueError: a deadline that is not above 0.
    """

    daemon: int
    program: str
    deadline: float
    allow: bool
    allow_unscanned: bool
    roots: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    users: tuple[int, ...] = ()
    patterns: tuple[str, ...] = ()
    remembered: int = 100_000

    def __post_init__(self) -> None:
        if not self.deadline > 0:
            raise ValueError("a deadline that is not above 0")

    def to_bytes(self) -> bytes:
        """Write the settings as a message."""
        return json.dumps(asdict(self)).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Settings":
        """Read the settings.

        Raises:
            Malformed: they are none.
        """
        try:
            fields = json.loads(data)
            for name in ("roots", "apart", "programs", "users", "patterns"):
                fields[name] = tuple(fields[name])
            return cls(**fields)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Malformed(_NAME, 0, "settings") from error


class Hello(NamedTuple):
    """From a gate, when it begins.

    Attributes:
        process: its process number.
    """

    process: int


class Ask(NamedTuple):
    """From the gate: somebody waits.

    Attributes:
        number: of the question.
        mask: the kind of event.
        process: who waits.
        settled: the answer may be remembered, see `memory.is_settled`.
    """

    number: int
    mask: int
    process: int
    settled: bool


class Late(NamedTuple):
    """From the gate: the policy has answered a question.

    Attributes:
        number: of the question.
    """

    number: int


class Marked(NamedTuple):
    """From the gate: what became of a mark.

    Attributes:
        number: of the mark.
        error: errno, or 0.
    """

    number: int
    error: int


class Answer(NamedTuple):
    """From the daemon.

    Attributes:
        number: of the question.
        known: what the file is.
        keep: it may be remembered, if it was settled.
    """

    number: int
    known: Known
    keep: bool


class Learn(NamedTuple):
    """From the daemon: a file that nobody asked about was judged.

    Attributes:
        known: what the file is.
        file: which it is.
        state: in which state.
    """

    known: Known
    file: File
    state: State


class Mark(NamedTuple):
    """From the daemon: watch the place whose descriptor comes along.

    Attributes:
        number: of the mark.
        how: see `fanotify.How`.
        mask: kinds of events.
        trusted: times of files there move with every change, see `marks.py`.
    """

    number: int
    how: int
    mask: int
    trusted: bool


class Trust(NamedTuple):
    """From the daemon: times of files there move with every change.

    Attributes:
        device: number of the file system.
    """

    device: int


class Ping(NamedTuple):
    """From the daemon: say `Marked` when all that was sent before is done.

    Attributes:
        number: of a mark that there is not.
    """

    number: int


class Forget(NamedTuple):
    """From the daemon: other rules are in force."""


class End(NamedTuple):
    """From the daemon: let everybody through and end."""


Message = (
    Hello | Ask | Late | Marked | Answer | Learn | Mark | Trust | Ping | Forget | End
)

_KINDS: dict[int, tuple[type[Message], struct.Struct]] = {
    1: (Hello, struct.Struct("=Bi")),
    2: (Ask, struct.Struct("=BQIi?")),
    3: (Late, struct.Struct("=BQ")),
    4: (Marked, struct.Struct("=BIi")),
    5: (Answer, struct.Struct("=BQB?")),
    6: (Learn, struct.Struct("=BBQQqqq")),
    7: (Mark, struct.Struct("=BIIQ?")),
    8: (Trust, struct.Struct("=BQ")),
    9: (Forget, struct.Struct("=B")),
    10: (End, struct.Struct("=B")),
    11: (Ping, struct.Struct("=BI")),
}
_NUMBERS = {kind: (number, shape) for number, (kind, shape) in _KINDS.items()}


def encode(message: Message) -> bytes:
    """Write a message."""
    number, shape = _NUMBERS[type(message)]
    if isinstance(message, Learn):
        return shape.pack(number, message.known, *message.file, *message.state)
    return shape.pack(number, *message)


def decode(data: bytes) -> Message:
    """Read a message.

    Raises:
        Malformed: it is none.
    """
    kind, shape = _KINDS.get(data[0] if data else 0, (None, None))
    if kind is None or shape is None:
        raise Malformed(_NAME, 0, "kind")
    if len(data) != shape.size:
        raise Malformed(_NAME, len(data), "length")
    _, *fields = shape.unpack(data)
    try:
        if kind is Answer:
            return Answer(fields[0], Known(fields[1]), fields[2])
        if kind is Learn:
            state = State(*fields[3:])
            return Learn(Known(fields[0]), File(*fields[1:3]), state)
    except ValueError as error:
        raise Malformed(_NAME, 1, "outcome") from error
    return kind(*fields)
