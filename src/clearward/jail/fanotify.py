"""Be told of opens by the kernel, and let them wait for an answer.

A group is a descriptor. Marks say what it is told of, reading it gives events, and each
event brings a descriptor of its own of the file, open for reading, through which
nothing else is told: who reads it asks nobody. Events of the kinds that end in `PERM`
keep the opener waiting until their descriptor's number is written back with an answer.
The number alone counts: whoever has the group may answer for whoever has read.

    offset  length  field of an event, host byte order
    0       4       length of the event
    4       1       version, 3
    6       2       length of these fields, 24
    8       8       mask
    16      4       descriptor, or -1
    20      4       process

Source: fanotify(7), fanotify_init(2), fanotify_mark(2), linux/fanotify.h.
"""

import os
import struct
from collections.abc import Iterator
from enum import IntFlag
from typing import NamedTuple

from clearward.core.errors import Unavailable
from clearward.jail.kernel import call, numbers

EVENT_SIZE = 24
_EVENT = struct.Struct("=IBBHQii")
_ANSWER = struct.Struct("=iI")
_VERSION = 3

ALLOW = 1
DENY = 2

# Kinds of events.
CLOSE_WRITE = 0x8
OPEN = 0x20
OPEN_EXEC = 0x1000
OVERFLOW = 0x4000
OPEN_PERM = 0x10000
OPEN_EXEC_PERM = 0x40000
ASKING = OPEN_PERM | OPEN_EXEC_PERM

_MARK = numbers()["fanotify_mark"]  # looked up once: a gate opens nothing later

_CLOEXEC, _NONBLOCK = 0x1, 0x2
_CONTENT, _UNLIMITED_QUEUE = 0x4, 0x10

# O_NONBLOCK, or a FIFO without a writer would stop who reads its event. O_LARGEFILE is
# 0 in Python on 64 bits, and the kernel's own number is needed here.
_LARGE = 0o100000
_OPENED = os.O_RDONLY | os.O_CLOEXEC | os.O_NOATIME | os.O_NONBLOCK | _LARGE


class How(IntFlag):
    """What a mark is put on; alone, `ADD` puts it on one file."""

    ADD = 0x1
    MOUNT = 0x10
    FILE_SYSTEM = 0x100


class Event(NamedTuple):
    """One event.

    Attributes:
        mask: what happened.
        file: descriptor, for the reader to close; -1 if there is none.
        process: who did it; 0 if it is of another process namespace.
    """

    mask: int
    file: int
    process: int


def asking_group() -> int:
    """Make a group that may let openers wait; reading it never does.

    Its queue has no end: an event that finds a full one is not asked about, so a flood
    would open the door. Of events that are waited for there are at most as many as
    there are threads.

    Raises:
        Unavailable: a right, or this in the kernel, is missing.
    """
    return _group(_CONTENT | _UNLIMITED_QUEUE)


def telling_group() -> int:
    """Make a group that is told afterwards; of a full queue an `OVERFLOW` is told.

    Raises:
        Unavailable: a right, or this in the kernel, is missing.
    """
    return _group(0)


def mark(group: int, how: How, mask: int, place: int) -> None:
    """Be told of some kinds of events on what is open, or its mount or file system.

    Raises:
        OSError: EINVAL if the kernel cannot do this, EPERM, ENODEV or EOPNOTSUPP if the
            file system cannot, ENOSPC if there are too many marks.
    """
    call(_MARK, group, int(how), mask, place, 0)


def events(data: bytes | bytearray | memoryview) -> Iterator[Event]:
    """Read events, up to the first that is none: zeroes end a buffer of them."""
    offset = 0
    while offset + EVENT_SIZE <= len(data):
        size, version, _, _, mask, file, process = _EVENT.unpack_from(data, offset)
        if version != _VERSION or size < EVENT_SIZE:
            return
        offset += size
        yield Event(mask, file, process)


def answer(group: int, file: int, said: int) -> bool:
    """Say `ALLOW` or `DENY` to whoever waits; say whether anybody did."""
    try:
        os.write(group, _ANSWER.pack(file, said))
    except OSError:  # ENOENT: it was answered, or killed
        return False
    return True


def _group(flags: int) -> int:
    try:
        number = numbers()["fanotify_init"]
        return call(number, flags | _CLOEXEC | _NONBLOCK, _OPENED)
    except PermissionError as error:
        raise Unavailable(
            "guard needs the right CAP_SYS_ADMIN: start it as root"
        ) from error
    except (OSError, KeyError) as error:
        said = error.strerror if isinstance(error, OSError) else "unknown machine"
        raise Unavailable(f"this kernel has no fanotify for guard: {said}") from error
