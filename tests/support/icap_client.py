"""A client of ICAP, and what its answers mean, for tests."""

import asyncio
from dataclasses import dataclass, field

GET = b"GET http://example.test/f HTTP/1.1\r\nHost: example.test\r\n\r\n"
POST = b"POST http://example.test/up HTTP/1.1\r\nHost: example.test\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read to its end.

    Attributes:
        status: the code.
        fields: by name in lower case; folded lines stay as they are.
        http: the encapsulated head.
        body: what the chunks hold.
        sections: names in Encapsulated.
    """

    status: int
    fields: dict[str, str] = field(default_factory=dict)
    http: bytes = b""
    body: bytes = b""
    sections: tuple[str, ...] = ()


def chunked(body: bytes, *, ieof: bool = False, size: int = 4096) -> bytes:
    """A body in chunks."""
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    frames = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces)
    return frames + (b"0; ieof\r\n\r\n" if ieof else b"0\r\n\r\n")


def request(
    method: str,
    heads: dict[str, bytes],
    body: bytes | None,
    *fields: str,
    service: str = "avscan",
) -> bytes:
    """A request; `body` stands in chunks already, or is None."""
    offset = 0
    places = []
    for name, head in heads.items():
        places.append(f"{name}={offset}")
        offset += len(head)
    kind = "null-body"
    if body is not None:
        kind = "res-body" if method == "RESPMOD" else "req-body"
    lines = (
        f"{method} icap://localhost/{service} ICAP/1.0",
        "Host: localhost",
        *fields,
        f"Encapsulated: {', '.join((*places, f'{kind}={offset}'))}",
        "",
        "",
    )
    return "\r\n".join(lines).encode() + b"".join(heads.values()) + (body or b"")


def respmod(content: bytes, *fields: str, http: bytes = ANSWER) -> bytes:
    """A request to look at what a server answered."""
    heads = {"req-hdr": GET, "res-hdr": http}
    return request("RESPMOD", heads, chunked(content), *fields)


def reqmod(content: bytes, *fields: str, http: bytes = POST) -> bytes:
    """A request to look at what is sent to a server."""
    return request("REQMOD", {"req-hdr": http}, chunked(content), *fields)


class Client:
    """One connection. Make it with `connect`."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, data: bytes) -> Answer:
        """Send a request and read its answer."""
        self.send(data)
        return await self.answer()

    def send(self, data: bytes) -> None:
        """Send some bytes."""
        self.writer.write(data)

    async def answer(self) -> Answer:
        """Read one answer to its end."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("ascii")
        status, fields = read_fields(head)
        entries = fields.get("encapsulated", "null-body=0").split(",")
        places = [entry.strip().split("=") for entry in entries]
        sections = tuple(name for name, _ in places)
        http = await self.reader.readexactly(int(places[-1][1]))
        body = b"" if sections[-1] == "null-body" else await self._chunks()
        return Answer(status, fields, http, body, sections)

    async def closed(self) -> bytes:
        """Read what still comes until the server closes."""
        return await self.reader.read()

    async def close(self) -> None:
        """Close the connection."""
        self.writer.close()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)

    async def _chunks(self) -> bytes:
        body = b""
        while size := int((await self.reader.readline()).split(b";")[0], 16):
            body += await self.reader.readexactly(size)
            assert await self.reader.readexactly(2) == b"\r\n"
        assert await self.reader.readexactly(2) == b"\r\n"
        return body


def read_fields(head: str) -> tuple[int, dict[str, str]]:
    """The status of an answer, and its fields."""
    first, *lines = head.rstrip("\r\n").split("\r\n")
    version, status, _ = first.split(" ", 2)
    assert version == "ICAP/1.0"
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("\t"):
            fields[name] += f"\n{line}"
            continue
        name, _, value = line.partition(":")
        name = name.lower()
        assert name not in fields, "a field that is there twice"
        fields[name] = value.strip()
    return int(status), fields


async def connect(port: int) -> Client:
    """Connect to a server on the loopback."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    return Client(reader, writer)
