"""What a worker says of the indicators in a file, on both sides of the wall.

A request is one message with a descriptor attached: the size of the file, 8 bytes. The
answers are messages until `END`; all integers are little-endian:

    "F"  indicators, each: line 4, place of its kind in `EXTRACTED` 1,
         length of the value 2, value in UTF-8
    "E"  the end: reasons 2, flags 1

Flags: 1, there was more than the limits allow; 2, the file needs the heavy libraries,
and nothing was said of it.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearward.core.reasons import FROM_THE_JAIL, Reason
from clearward.indicators.canonical import canonical
from clearward.indicators.found import EXTRACTED, Found
from clearward.jail.wire import Hostile

REQUEST = struct.Struct("<Q")
MOST_MESSAGE = 128 * 1024  # bytes
_FOUND, _END = b"F", b"E"
_RECORD = struct.Struct("<IBH")
_LAST = struct.Struct("<HB")
_CUT, _HEAVY = 1, 2
_FULL = MOST_MESSAGE // 2
MOST_VALUE = 4096 * 4  # bytes
_LYING = 0xFFFF & ~int(FROM_THE_JAIL)


@dataclass(frozen=True, slots=True)
class End:
    """What is said behind the last indicator.

    Attributes:
        reasons: why something was not read.
        cut: there was more than the limits allow.
        heavy: another worker has to read the file.
    """

    reasons: Reason
    cut: bool = False
    heavy: bool = False


def encode(found: Sequence[Found]) -> Iterator[bytes]:
    """Yield messages that carry indicators."""
    message = bytearray(_FOUND)
    for one in found:
        value = one.value.encode()
        if len(value) > MOST_VALUE:
            continue
        message += _RECORD.pack(one.line, EXTRACTED.index(one.kind), len(value)) + value
        if len(message) > _FULL:
            yield bytes(message)
            message = bytearray(_FOUND)
    if len(message) > len(_FOUND):
        yield bytes(message)


def encode_end(end: End) -> bytes:
    """Return the last message."""
    flags = _CUT * end.cut | _HEAVY * end.heavy
    return _END + _LAST.pack(int(end.reasons), flags)


def decode(message: bytes) -> list[Found] | End:
    """Check a message and return what it says. The worker is treated as hostile.

    Raises:
        Hostile: no honest worker says this.
    """
    if message[:1] == _END and len(message) == len(_END) + _LAST.size:
        reasons, flags = _LAST.unpack_from(message, 1)
        if reasons & _LYING or flags > _CUT | _HEAVY:
            raise Hostile("an end that cannot be")
        return End(Reason(reasons), bool(flags & _CUT), bool(flags & _HEAVY))
    if message[:1] != _FOUND or not 1 < len(message) <= MOST_MESSAGE:
        raise Hostile("a message of no kind")
    return list(_records(message))


def _records(message: bytes) -> Iterator[Found]:
    place = len(_FOUND)
    while place < len(message):
        if len(message) - place < _RECORD.size:
            raise Hostile("an indicator cut short")
        line, kind, length = _RECORD.unpack_from(message, place)
        place += _RECORD.size
        if kind >= len(EXTRACTED) or not line or not 0 < length <= len(message) - place:
            raise Hostile("an indicator that cannot be")
        yield _checked(line, kind, message[place : place + length])
        place += length


def _checked(line: int, kind: int, raw: bytes) -> Found:
    try:
        value = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Hostile("a value that is no text") from error
    if canonical(EXTRACTED[kind], value) != value:
        raise Hostile("a value that is not canonical")
    return Found(line, EXTRACTED[kind], value)
