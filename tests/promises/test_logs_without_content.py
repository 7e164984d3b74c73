"""The promise: no byte of what clients send to be scanned stands in the log.

Every face gets a marker in every place where content may stand: in objects, in frames
that break the protocol, in what is not JSON and in names of members; at the level at
which most is logged.
"""

import io
import json
import secrets
import socket
import zipfile
from base64 import b64encode
from contextlib import suppress
from pathlib import Path

from support.marks import EICAR
from support.served import PATIENCE, ask, instream, served


def test_the_log_never_holds_what_clients_send(tmp_path: Path) -> None:
    marker = b"marker" + secrets.token_hex(8).encode()
    tcp = "tcp:127.0.0.1:0"
    options = ("--clamd", f"unix:{tmp_path}/s", "--icap", tcp, "--http", tcp)
    with served(tmp_path, *options, "--log-level", "debug") as server:
        for request in clamd(marker):
            say(server.place("clamd"), request)
        for request in icap(marker):
            say(server.place("icap"), request)
        for request in http(marker):
            say(server.place("http"), request)
        assert b"FOUND" in ask(server.place("clamd"), instream(EICAR))
        server.says("Eicar-Test-File")
        log = server.log.read_text("utf-8")
    for shape in (marker, b64encode(marker), marker.hex().encode(), marker.upper()):
        assert shape.decode() not in log


def say(place: str | tuple[str, int], request: bytes) -> None:
    """Send it and nothing more, and read what is answered, also half a frame."""
    family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
    with socket.socket(family) as one, suppress(ConnectionError):
        one.settimeout(PATIENCE)
        one.connect(place)
        one.sendall(request)
        one.shutdown(socket.SHUT_WR)
        while one.recv(65536):
            pass


def packed(marker: bytes, content: bytes) -> bytes:
    """A zip whose member is called by the marker."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr(f"{marker.decode()}.txt", content)
    return archive.getvalue()


def clamd(marker: bytes) -> list[bytes]:
    return [
        instream(marker),
        instream(EICAR + b" " + marker),
        instream(packed(marker, EICAR)),
        instream(packed(marker, b"x")[:-10]),
        instream(b"<html>" + marker),
        marker + b"\n",
        b"z" + marker + b"\0",
        b"n" + marker * 1000 + b"\n",
        b"zINSTREAM\0\xff\xff\xff\xff" + marker,
        b"zIDSESSION\0zINSTREAM\0" + marker,
        b"INSTREAM\n" + marker,
    ]


def icap(marker: bytes) -> list[bytes]:
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(marker), marker)
    page = b"HTTP/1.1 200 OK\r\n\r\n"
    head = b"RESPMOD icap://h/avscan ICAP/1.0\r\nHost: h\r\nConnection: close\r\n"
    parts = b"Encapsulated: res-hdr=0, res-body=%d\r\n\r\n" % len(page)
    return [
        head + b"Allow: 204\r\n" + parts + page + body,
        head + parts + page + marker,
        head + b"\r\n" + marker + b"\r\n\r\n",
        marker + b"\r\n\r\n",
    ]


def http(marker: bytes) -> list[bytes]:
    memory = "/api/v3.0/scanmemory"
    good = json.dumps({"object": b64encode(marker).decode(), "timeout": "1000"})
    return [
        posted("/v1/scan", marker),
        posted("/v1/scan", EICAR + marker),
        posted("/v1/scan", packed(marker, EICAR)),
        posted(memory, good.encode()),
        posted(memory, b'{"object": "' + marker + b"!"),
        posted(memory, json.dumps({"object": "!" + marker.decode()}).encode()),
        posted(f"/{marker.decode()}", b"x"),
        marker + b"\r\n\r\n",
    ]


def posted(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    kind = "application/json" if "api" in path else "application/octet-stream"
    head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
