"""Outgoing bytes that are not recorded: only one module connects to another machine.

Read from the syntax of every module: who calls something that makes a connection or
sends without one. All others are listed here, with what they talk to.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import clearward

ROOT = Path(clearward.__file__).parent

CALLS = frozenset(
    (
        *("connect", "connect_ex", "sendto", "create_connection", "open_connection"),
        *("open_unix_connection", "sock_connect", "sock_sendto", "start_tls"),
        *("create_datagram_endpoint", "getaddrinfo", "gethostbyname", "urlopen"),
    )
)
DOOR = {"egress/wire.py": {"connect", "getaddrinfo"}}
STAY_HERE = {
    "service/listening.py": {"connect", "getaddrinfo"},  # is somebody there? Unix
    "service/notify.py": {"sendto"},  # the service manager, a Unix socket
    "faces/guard/notices.py": {"sendto"},  # a Unix socket
    "faces/prove/running.py": {"connect"},  # a Unix socket
    "faces/prove/attempts.py": {"sendto"},  # the lab, which has no way out
    "stores/verdicts/table.py": {"connect"},  # SQLite
    "stores/witness.py": {"connect"},  # SQLite
}
# A person names a server of his own, and these ask it; they carry what he names.
NAMED = {
    "faces/selftest/dialing.py": {"connect", "getaddrinfo"},
    "faces/clamav/link.py": {"connect", "getaddrinfo"},
}
INSIDE = "jail/attacks/"  # in the jail, to show that it does not work


def calls(source: str) -> set[str]:
    """Names of what is called that could send something."""
    return {name for name in _called(ast.parse(source)) if name in CALLS}


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr
            elif isinstance(function, ast.Name):
                yield function.id


def found() -> dict[str, set[str]]:
    """What each module calls."""
    modules = {
        path.relative_to(ROOT).as_posix(): calls(path.read_text("utf-8"))
        for path in ROOT.rglob("*.py")
    }
    return {
        name: used
        for name, used in modules.items()
        if used and not name.startswith(INSIDE)
    }


def test_nobody_connects_to_another_machine_but_the_door() -> None:
    assert found() == DOOR | STAY_HERE | NAMED


def test_a_second_door_would_be_seen() -> None:
    assert calls("import socket\nsocket.socket().connect(place)") == {"connect"}
    assert calls("async def f(): await loop.sock_connect(a, b)") == {"sock_connect"}
    assert calls("from socket import create_connection as c") == set()
