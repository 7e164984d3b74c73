"""Only one module opens connections to the outside.

Everything else that connects, or looks a name up, is listed here with the reason why
nothing leaves the machine by it, or why a person has asked for just that.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src/clearward"
DOOR = "egress/wire.py"
ELSEWHERE = {
    "faces/clamav/link.py": "clamdscan asks the clamd that its settings name",
    "faces/guard/notices.py": "a datagram to a socket in the file system",
    "faces/prove/attempts.py": "attempts of `prove --egress`, in networks of its own",
    "faces/prove/running.py": "a server of `prove --egress` there is asked if it is up",
    "faces/selftest/dialing.py": "the test file goes where the person says",
    "jail/attacks/descriptors.py": "an attempt of `prove`, inside the jail",
    "jail/attacks/network.py": "attempts of `prove`, inside the jail",
    "jail/policy.py": "names of system calls, which the jail bars",
    "service/listening.py": "addresses to listen on; is a stale socket still served?",
    "service/notify.py": "a datagram to the socket of systemd",
    "stores/intel/database.py": "the database that the site names, or a file",
}
CALLS = frozenset(
    {
        "connect",
        "connect_ex",
        "create_connection",
        "create_datagram_endpoint",
        "create_unix_connection",
        "getaddrinfo",
        "gethostbyaddr",
        "gethostbyname",
        "gethostbyname_ex",
        "getnameinfo",
        "open_connection",
        "open_unix_connection",
        "sendto",
        "sock_connect",
        "sock_sendto",
        "start_tls",
        "urlopen",
    }
)
DATABASE = "sqlite3"  # its `connect` opens a file
CLIENTS = re.compile(
    r"(?:aiohttp|ftplib|http\.client|httpx|imaplib|nntplib|poplib|requests|smtplib|"
    r"telnetlib|urllib\.request|urllib3|websockets?|xmlrpc)(?:\.|$)"
)


def calls(tree: ast.AST) -> Iterator[str]:
    """Yield what connects, or looks a name up, in the text of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CALLS:
            if not (isinstance(node.value, ast.Name) and node.value.id == DATABASE):
                yield node.attr
        elif isinstance(node, ast.Name) and node.id in CALLS:
            yield node.id
        elif isinstance(node, ast.Constant) and node.value in CALLS:
            yield str(node.value)  # as getattr() would be given it
        elif isinstance(node, ast.ImportFrom):
            # `import ... as` would hide the name that is called.
            yield from (one.name for one in node.names if one.name in CALLS)


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


@cache
def trees() -> dict[str, ast.AST]:
    """Return the modules of the package by their paths in it."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in PACKAGE.rglob("*.py")
    }


def test_nothing_but_the_door_opens_a_connection() -> None:
    found = {path for path, tree in trees().items() if any(calls(tree))}
    assert found == {DOOR, *ELSEWHERE}


def test_no_client_of_a_protocol_is_imported() -> None:
    found = {
        path: [name for name in imports(tree) if CLIENTS.match(name)]
        for path, tree in trees().items()
    }
    assert {path for path, names in found.items() if names} == set()


def test_compiled_parts_know_no_socket() -> None:
    said = {
        path.name
        for ending in ("c", "h")
        for path in PACKAGE.rglob(f"*.{ending}")
        if re.search(r"\b(?:socket|connect|getaddrinfo)\s*\(", path.read_text("utf-8"))
    }
    assert said == set()


@pytest.mark.parametrize(
    "text",
    [
        "import socket\nsocket.socket().connect(('10.0.0.1', 80))",
        "from socket import create_connection as make\nmake(('10.0.0.1', 80))",
        "import asyncio\nasync def f():\n await asyncio.open_connection('a', 80)",
        "import socket\ngetattr(socket.socket(), 'connect')(('10.0.0.1', 80))",
        "import socket\nlook = socket.getaddrinfo",
    ],
)
def test_a_connection_is_seen(text: str) -> None:
    assert any(calls(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "import http.client",
        "from http import client",
        "from urllib.request import urlopen",
        "import urllib3",
    ],
)
def test_a_client_is_seen(text: str) -> None:
    assert any(CLIENTS.match(name) for name in imports(ast.parse(text)))
