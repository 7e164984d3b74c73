"""What broker and zygote say to each other, on both sides.

One message each way over a SOCK_SEQPACKET pair; the first byte is the kind:

    broker to zygote
    S  a rule source: JSON of `SourceHead`, its descriptor attached
    C  compile what came, then be ready: JSON of `Settings`
    W  compile what came into an image, write it to the descriptor that is attached,
       and end
    F  fork a worker; its end of a socket pair is attached
    L  load rules that a worker lacked: their number, 4 bytes
    R  reap a worker that was killed: its process number, 4 bytes

    zygote to broker
    I  how far it is with writing an image: JSON of `Progress`
    T  a piece of the name table, JSON
    G  ready: JSON of `Given`, the locks it took
    D  an image is written: JSON of `Written`
    P  the process number of the new worker, 4 bytes
    L  they are loaded, and new workers have them: 1, or 0 if there are no such, 4 bytes
    R  the wait status of a reaped worker, 4 bytes
    X  it cannot go on: one line of text
"""

import json
import struct
from dataclasses import asdict, dataclass, field
from typing import Any

from clearward.core.limits import Limits

PIECE = 64 * 1024  # bytes of a table in one message
MOST_MESSAGE = 128 * 1024

MOST_TABLE = 256 * 1024 * 1024  # bytes of a whole one; a rule takes about 50
OLDEST = 600.0  # seconds; a worker that is older is replaced

NUMBER = struct.Struct("<i")


@dataclass(frozen=True, slots=True)
class SourceHead:
    """What goes with the descriptor of a rule source.

    Attributes:
        number: its number, counted from 0.
        label: what to call it in error messages.
        kind: ``"yara"``, ``"md5"``, ``"sha1"``, ``"sha256"``, ``"cwr"``, one of
            ClamAV's, or of an archive of YARA rules; see `sources`.
        origin: ``"bundle"``, ``"local"`` or ``"intel"``.
        size: bytes, as the broker measured it.
    """

    number: int
    label: str
    kind: str
    origin: str
    size: int


@dataclass(frozen=True, slots=True)
class Settings:
    """How a zygote's workers scan.

    Attributes:
        test_file: the EICAR test file is a rule, too.
        limits: for each file.
        describe: put what rules say about themselves into the name table.
        unwanted: rules of the potentially unwanted kinds are in force, too.
        check: look at everything in an image, also at what is else left for later.
        passwords: are tried on what is encrypted.
        lint: read the sources for what rules must not look for, instead of putting
            them in force; the name table has the rules that do, and what in their meta.
    """

    test_file: bool = True
    limits: Limits = field(default_factory=Limits)
    describe: bool = False
    unwanted: bool = False
    check: bool = False
    passwords: tuple[str, ...] = ()
    lint: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What the zygote gave up, as far as it can tell itself.

    Attributes:
        landlock: ABI of the rights given up; 0 if none.
        seccomp: the first filter is in force.
        nobody: it changed to a user that owns nothing.
        rootless: its root folder is one in which nothing can be opened.
        namespaces: inode number of each namespace it is in.
        attempts: names of the attempts it has loaded for `clearward prove`.
        matcher: what matches signatures, ``"compiled"`` or ``"reference"``, which is
            the same in plain Python and slow.
    """

    landlock: int
    seccomp: bool
    nobody: bool
    rootless: bool
    namespaces: dict[str, int]
    attempts: tuple[str, ...] = ()
    matcher: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a zygote is.

    Attributes:
        doing: a few words.
        done: how much of it is done; 0 if that is not counted.
    """

    doing: str
    done: int


@dataclass(frozen=True, slots=True)
class Written:
    """An image that was written.

    Attributes:
        size: bytes.
    """

    size: int


Said = SourceHead | Settings | Given | Progress | Written


def encode(kind: str, value: Said) -> bytes:
    """Return a message that carries a value as JSON."""
    return kind.encode() + json.dumps(asdict(value)).encode("ascii")


def decode_source(body: bytes) -> SourceHead:
    """Read a `SourceHead`."""
    return SourceHead(**json.loads(body))


def decode_settings(body: bytes) -> Settings:
    """Read `Settings`."""
    fields: dict[str, Any] = json.loads(body)
    limits, passwords = Limits(**fields["limits"]), tuple(fields["passwords"])
    return Settings(**{**fields, "limits": limits, "passwords": passwords})


def decode_given(body: bytes) -> Given:
    """Read `Given`.

    Raises:
        ValueError: it is none.
    """
    try:
        fields: dict[str, Any] = json.loads(body)
        return Given(**{**fields, "attempts": tuple(fields["attempts"])})
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not what was given up") from error


def decode_progress(body: bytes) -> Progress:
    """Read `Progress`.

    Raises:
        ValueError: it is none.
    """
    fields = _fields(body, {"doing": str, "done": int})
    return Progress(fields["doing"], fields["done"])


def decode_written(body: bytes) -> Written:
    """Read `Written`.

    Raises:
        ValueError: it is none.
    """
    return Written(_fields(body, {"size": int})["size"])


def _fields(body: bytes, kinds: dict[str, type]) -> dict[str, Any]:
    """Return an object of JSON whose fields have these types."""
    try:
        fields: dict[str, Any] = json.loads(body)
        right = all(isinstance(fields.get(name), kinds[name]) for name in kinds)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except (TypeError, AttributeError) as error:
        raise ValueError("not an object") from error
    if not right:
        raise ValueError("not what it should be")
    return fields
