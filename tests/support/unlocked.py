"""Make the attempts of `clearward prove` without any lock, and print what worked.

    unshare ... python unlocked.py NAME...

It runs in empty namespaces of its own, so that nothing it does can harm the machine: as
root of a user namespace it has no right over anything outside. The names are those of
attempts to leave out. Each attempt is made in a process of its own, in a new folder,
first without a file there and then with one. It prints a JSON object: by name the
answer, as a worker would give it.
"""

import errno
import json
import os
import signal
import socket
import sys
import tempfile

from clearward.jail.attacks import ATTEMPTS
from clearward.jail.attacks.attempt import CHANNEL, Attempt, Target

WORKED = "worked"
SECONDS = 5
ANSWERS = 100  # a descriptor that no attempt uses
# What works replaces the process, so it cannot say so.
REPLACING = ("execute-program", "execute-descriptor")


def main() -> None:
    """Make every attempt that exists and was not left out."""
    left_out = set(sys.argv[1:])
    results = {}
    for attempt in ATTEMPTS:
        if attempt.exists() and attempt.name not in left_out:
            results[attempt.name] = _result(attempt)
    sys.stdout.write(json.dumps(results))


def _result(attempt: Attempt) -> str:
    without = _try(attempt, with_file=False)
    return without if without == WORKED else _try(attempt, with_file=True)


def _try(attempt: Attempt, *, with_file: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        if with_file:
            with open(os.path.join(folder, "clearward-prove"), "wb") as file:
                file.write(b"content")
        victim = _start(signal.pause)
        reader, writer = os.pipe()
        process = _start(lambda: _attack(attempt, folder, victim, writer))
        os.close(writer)
        with open(reader, "rb") as answers:
            said = answers.read().decode()
        _, status = os.waitpid(process, 0)
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
    if not said and status == 0 and attempt.name in REPLACING:
        return WORKED
    return said or f"status {status}"


def _start(action: object) -> int:
    process = os.fork()
    if process == 0:
        try:
            signal.alarm(SECONDS)
            assert callable(action)
            action()
        finally:
            os._exit(0)
    return process


def _attack(attempt: Attempt, folder: str, victim: int, writer: int) -> None:
    os.dup2(writer, ANSWERS, inheritable=False)
    os.chdir(folder)
    with tempfile.TemporaryFile() as made:
        made.write(b"content of a file that is scanned")
        made.flush()
        held = os.open(f"/proc/self/fd/{made.fileno()}", os.O_RDONLY)
    broker, worker = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    os.dup2(worker.fileno(), CHANNEL)
    try:
        attempt.run(Target(held, victim))
        answer = WORKED
    except OSError as error:
        answer = errno.errorcode.get(error.errno or 0, str(error.errno))
    os.write(ANSWERS, answer.encode())
    broker.detach()


if __name__ == "__main__":
    main()
