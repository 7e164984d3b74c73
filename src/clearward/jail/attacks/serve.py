"""The work of a worker that attacks itself: one attempt a request.

A request is the name of an attempt, a space and the process number of the broker, with
the descriptor to attack attached. The answer is one of

    worked       the call returned
    E...         the name of the error that refused it
    failed E...  an error that proves nothing

or none at all, because the kernel killed the worker.
"""

import errno
import os
import socket
from array import array

from clearward.jail.attacks import ATTEMPTS
from clearward.jail.attacks.attempt import CHANNEL, Attempt, Target
from clearward.jail.wire import LOCKED

_REQUEST_SIZE = 4096
_ANCILLARY = socket.CMSG_SPACE(array("i").itemsize)


def serve(channel: socket.socket) -> None:
    """Run attempts until the broker closes the channel or one of them is deadly."""
    attempts = {attempt.name: attempt for attempt in ATTEMPTS}
    os.write(CHANNEL, LOCKED)
    while True:
        message, ancillary, _, _ = channel.recvmsg(_REQUEST_SIZE, _ANCILLARY)
        if not message:
            return
        files = array("i", ancillary[0][2])
        name, broker = message.decode("ascii").split(" ")
        answer = _try(attempts[name], Target(files[0], int(broker)))
        os.write(CHANNEL, answer.encode("ascii"))
        os.close(files[0])


def _try(attempt: Attempt, target: Target) -> str:
    try:
        attempt.run(target)
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, str(error.errno))
        return name if attempt.is_refusal(error.errno or 0) else f"failed {name}"
    return "worked"
