"""Tests of sockets that the service manager opened, in a process such as it starts."""

import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.service.activation import passed_sockets

STARTED = """
import json, os, sys
from clearward.core.errors import Refused
from clearward.service.activation import passed_sockets
environment = json.loads(sys.argv[1])
environment.setdefault("LISTEN_PID", str(os.getpid()))
try:
    found = passed_sockets(environment)
except Refused as error:
    answer = {"refused": str(error)}
else:
    answer = {
        name: [(str(one.getsockname()), one.get_inheritable(), one.gettimeout())
               for one in sockets]
        for name, sockets in found.items()
    }
still = []
for descriptor in range(3, 8):
    try:
        os.fstat(descriptor)
    except OSError:
        continue
    still.append(descriptor)
print(json.dumps({"answer": answer, "left": environment, "open": still}))
"""


def started(descriptors: list[int], **environment: str) -> dict[str, object]:
    """What a server says that was started with these as 3, 4 and so on."""
    environment.setdefault("LISTEN_FDS", str(len(descriptors)))
    places = {3 + index: one for index, one in enumerate(descriptors)}
    with ExitStack() as stack:
        # Out of the way first: a place may be that of another one.
        high = {place: os.dup(one) for place, one in places.items()}
        for one in high.values():
            stack.callback(os.close, one)
        words = " ".join(f"{place}<&{one}" for place, one in high.items())
        ran = subprocess.run(
            (
                "bash",
                "-c",
                f'exec {words}; exec "$@"',
                "bash",
                *(sys.executable, "-c", STARTED, json.dumps(environment)),
            ),
            pass_fds=tuple(high.values()),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        )
    answer: dict[str, object] = json.loads(ran.stdout)
    return answer


def listening(stack: ExitStack, address: str | tuple[str, int]) -> socket.socket:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    one = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
    one.bind(address)
    one.listen()
    return one


def test_sockets_come_by_name_ready_to_be_served(tmp_path: Path) -> None:
    with ExitStack() as stack:
        unix = listening(stack, f"{tmp_path}/socket")
        tcp = listening(stack, ("127.0.0.1", 0))
        other = listening(stack, ("127.0.0.1", 0))
        said = started(
            [unix.fileno(), tcp.fileno(), other.fileno()],
            LISTEN_FDNAMES="clamd:icap:clamd",
        )
        ready = [False, 0.0]
        assert said["answer"] == {
            "clamd": [
                [f"{tmp_path}/socket", *ready],
                [str(other.getsockname()), *ready],
            ],
            "icap": [[str(tcp.getsockname()), *ready]],
        }
        assert said["left"] == {}


def test_sockets_without_names_are_all_of_one_name() -> None:
    with ExitStack() as stack:
        one = listening(stack, ("127.0.0.1", 0))
        answer = started([one.fileno()])["answer"]
    assert isinstance(answer, dict)
    assert answer.keys() == {"unknown"}


def test_what_is_for_another_process_is_left_alone() -> None:
    environment = {"LISTEN_FDS": "3", "LISTEN_PID": "1", "LISTEN_FDNAMES": "a:b:c"}
    assert passed_sockets(environment) == {}
    assert environment == {}
    assert passed_sockets({}) == {}


def test_what_cannot_be_served_is_refused_and_everything_closed(tmp_path: Path) -> None:
    with ExitStack() as stack:
        good = listening(stack, ("127.0.0.1", 0))
        deaf = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        packets = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        file = stack.enter_context((tmp_path / "file").open("wb"))
        for bad in (deaf, packets, file):
            said = started([good.fileno(), bad.fileno()])
            assert isinstance(said["answer"], dict)
            assert said["answer"].keys() == {"refused"}, said
            assert said["open"] == []
            # The socket itself lives on in the manager.
            assert good.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)


@pytest.mark.parametrize("count", ["-1", "x", "100000", "²"])
def test_a_count_that_is_none_is_refused(count: str) -> None:
    with pytest.raises(Refused):
        passed_sockets({"LISTEN_FDS": count, "LISTEN_PID": str(os.getpid())})


def test_names_must_be_as_many_as_sockets() -> None:
    with ExitStack() as stack:
        one = listening(stack, ("127.0.0.1", 0))
        said = started([one.fileno()], LISTEN_FDNAMES="clamd:icap")
    assert said["answer"] == {
        "refused": "LISTEN_FDNAMES does not name as many sockets as were passed"
    }
