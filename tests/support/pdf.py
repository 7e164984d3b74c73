"""Build PDF files by the format's own rules."""

from collections.abc import Iterable

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def entry(number: int, body: bytes) -> bytes:
    """One object."""
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def stream(number: int, content: bytes, keys: bytes = b"") -> bytes:
    """One stream, with keys in its dictionary, whose bytes are as they are."""
    head = b"<< /Length %d %b >>" % (len(content), keys)
    return entry(number, head + b"\nstream\n" + content + b"\nendstream")


def document(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file without a table of places, as a damaged one."""
    return HEADER + b"".join(objects) + b"trailer\n<< " + trailer + b" >>\n%%EOF\n"


def object_stream(number: int, objects: Iterable[bytes]) -> tuple[bytes, bytes]:
    """The keys and the bytes of an object stream."""
    places, bodies = b"", b""
    for offset, body in enumerate(objects):
        places += b"%d %d " % (number + offset, len(bodies))
        bodies += body + b"\n"
    count = places.count(b" ") // 2
    return b"/Type /ObjStm /N %d /First %d" % (count, len(places)), places + bodies
