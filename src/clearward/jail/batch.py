"""Take the next files for a worker, and send them to it."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clearward.core.errors import Unavailable
from clearward.core.limits import MIB
from clearward.jail.broker import Entry, OpenFile, Unopened
from clearward.jail.sharing import Share
from clearward.jail.wire import BATCH, Job, Request, encode_request

BATCH_BYTES = 4 * MIB  # a batch is cut once its files add up to this


@dataclass(slots=True)
class Batch:
    """What goes to a worker at once.

    Attributes:
        files: to be sent.
        others: what could not be opened, met on the way.
        more: there may be another batch behind this one.
    """

    files: list[OpenFile] = field(default_factory=list)
    others: list[Unopened] = field(default_factory=list)
    more: bool = True


def next_batch(entries: Iterator[Entry]) -> Batch:
    """Return the next files, at most as many as one request can carry."""
    batch = Batch()
    size = 0
    for entry in entries:
        if isinstance(entry, OpenFile):
            batch.files.append(entry)
            size += entry.size
        else:
            batch.others.append(entry)
        if len(batch.files) + len(batch.others) >= BATCH or size >= BATCH_BYTES:
            return batch
    batch.more = False
    return batch


def send_batch(
    channel: socket.socket,
    job: Job,
    first: int,
    files: Sequence[OpenFile | Share],
    *,
    shares: bool = False,
) -> None:
    """Ask a worker about some files.

    Args:
        channel: of the worker.
        job: what to ask for.
        first: identifier of the first file.
        files: they stay open here as well. All of them come again, or none. A share
            comes alone, and so does a file that was shared before.
        shares: the worker may say that a file can be shared.

    Raises:
        ConnectionError: the worker has died.
        Unavailable: they cannot be handed over, for whatever other reason.
    """
    sizes = [file.size for file in files]
    one = files[0]
    if isinstance(one, Share):
        request = Request(job, first, sizes, True, one.number, one.whole.of)  # noqa: FBT003 - a field
    else:
        spent = int(1000 * one.before.seconds) if one.before is not None else 0
        request = Request(job, first, sizes, one.again, 0, int(shares), spent)
    try:
        descriptors = [file.descriptor for file in files]
        socket.send_fds(channel, [encode_request(request)], descriptors)
    except ConnectionError:
        raise
    except OSError as error:
        reason = f"files could not be handed to the jail: {error.strerror}"
        raise Unavailable(reason) from error
