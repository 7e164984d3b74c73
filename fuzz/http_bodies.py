"""Feed bytes to the readers of HTTP bodies, whole and byte by byte."""

from collections.abc import Callable

from clearward.core.errors import Malformed
from clearward.faces.http.base64_stream import Base64Stream
from clearward.faces.http.multipart import Begin, Data, Parts
from clearward.faces.http.protocol import Asked, ScanRequest

MOST_ALONE = 4096  # bytes that are also fed one by one

Files = list[tuple[str, bytes]]


class Differs(Exception):
    """The same bytes mean something else when they are cut."""


def asking(data: bytes) -> None:
    """Treat bytes as a scan request, and as the inside of one."""
    for body in (data, b'{"object":"' + data + b'"}', b'{"object":"QQ==",' + data):
        _compare(_asked, body)


def uploading(data: bytes) -> None:
    """Treat bytes as what lies between two boundaries, and as all of a body."""
    for body in (data, b"--b\r\n" + data + b"\r\n--b--\r\n"):
        _compare(_uploaded, body)


def _compare(read: Callable[[list[bytes]], object], data: bytes) -> None:
    whole = read([data])
    if len(data) <= MOST_ALONE:
        alone = read([data[at : at + 1] for at in range(len(data))])
        if alone != whole:
            raise Differs(f"{alone} is not {whole}")


def _asked(pieces: list[bytes]) -> tuple[bytes, Asked] | None:
    request, text = ScanRequest(), Base64Stream()
    try:
        content = b"".join(
            [text.receive(part) for piece in pieces for part in request.receive(piece)]
        )
        asked = request.finish()
        text.finish()
    except Malformed:
        return None
    return content, asked


def _uploaded(pieces: list[bytes]) -> Files | None:
    parts = Parts(b"b")
    files: Files = []
    try:
        for event in [each for piece in pieces for each in parts.receive(piece)]:
            if isinstance(event, Begin):
                files.append((event.name, b""))
            elif isinstance(event, Data):
                name, content = files.pop()
                files.append((name, content + event.data))
        parts.finish()
    except Malformed:
        return None
    return files
