"""The work of a worker that finds indicators in files; see `records`."""

import os
import socket
from array import array
from collections.abc import Sequence

from clearward.core.limits import Limits
from clearward.engine.extracting import extract
from clearward.indicators.canonical import kind_of
from clearward.indicators.found import Found
from clearward.jail import records
from clearward.jail.wire import LOCKED
from clearward.jail.worker import CHANNEL, reader_of

_ANCILLARY = socket.CMSG_SPACE(array("i").itemsize)


def warm_up() -> None:
    """Load what reading names in other alphabets loads on its first use."""
    for name in ("b\u00fccher.example", "\u2603.example"):
        kind_of(name)


def serve(channel: socket.socket, limits: Limits) -> None:
    """Answer for one file after the other until the broker closes the channel."""
    os.write(CHANNEL, LOCKED)
    while True:
        message, ancillary, _, _ = channel.recvmsg(records.REQUEST.size, _ANCILLARY)
        if not message:
            return
        file = array("i", ancillary[0][2])[0]
        (size,) = records.REQUEST.unpack(message)
        result, cut = extract(reader_of(file, size), limits, _tell)
        os.close(file)
        end = records.End(result.reasons, cut, result.heavy)
        os.write(CHANNEL, records.encode_end(end))


def _tell(found: Sequence[Found]) -> None:
    for message in records.encode(found):
        os.write(CHANNEL, message)
