r"""Read the head of an ICAP request.

    RESPMOD icap://scanner.example:1344/avscan?mode=simple ICAP/1.0   CR LF
    Host: scanner.example                                             CR LF
    Allow: 204                                                        CR LF
    Preview: 1024                                                     CR LF
    Encapsulated: req-hdr=0, res-hdr=58, res-body=137                 CR LF
                                                                      CR LF

Two programs that read one head in two ways let one of them be deceived. So a head that
can be read in two ways is refused: a line that is folded or ends with LF alone, a NUL,
white space in front of a colon, a field twice that must be there once.

Source: RFC 3507, sections 4.2 and 4.3; RFC 2616, section 4.2.
"""

import re
from dataclasses import dataclass, field

from clearward.faces.icap.encapsulated import NOTHING, Sections, read_sections
from clearward.faces.icap.status import Fault, Status

MOST_HEAD = 32 * 1024  # bytes of a head, its last empty line included
MOST_FIELDS = 100
METHODS = ("OPTIONS", "REQMOD", "RESPMOD")
SERVICES = ("avscan", "srv_clamav", "virus_scan", "scan")

_FIRST_LINE = re.compile(
    rb"(?P<method>[A-Z][A-Z0-9_-]{0,31}) (?P<uri>[!-~]{1,4096}) "
    rb"ICAP/(?P<major>\d)\.(?P<minor>\d)"
)
_FIELD = re.compile(rb"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}):(?P<value>.*)")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_ABSOLUTE = re.compile(rb"icaps?://[^/?#]*", re.IGNORECASE)
_DIGITS = re.compile(rb"[0-9]{1,10}")
_ONCE = (b"encapsulated", b"preview", b"host")

Fields = dict[bytes, list[bytes]]


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What a client asks for.

    Attributes:
        method: one of `METHODS`.
        service: the path of the address, without slashes at its ends and query.
        sections: what is encapsulated.
        preview: most bytes in front of the first stop; None if there is no stop.
        allows_204: the client takes 204 at any time, not for a preview alone.
        closes: the client wants the connection closed afterwards.
        client: what X-Client-IP says, raw; it is good for a log and nothing else.
    """

    method: str
    service: str
    sections: Sections = field(default=NOTHING)
    preview: int | None = None
    allows_204: bool = False
    closes: bool = False
    client: bytes = b""


def read_head(block: bytes) -> RequestHead:
    """Read a head, without the empty line that ends it.

    Raises:
        Fault: it is no request, or one that can be read in two ways.
    """
    first, *lines = block.split(b"\r\n")
    line = _FIRST_LINE.fullmatch(first)
    if line is None:
        raise Fault("request line")
    if (line["major"], line["minor"]) != (b"1", b"0"):
        raise Fault("version", Status.VERSION)
    fields = _read_fields(lines)
    method = line["method"].decode("ascii")
    encapsulated = fields.get(b"encapsulated")
    if encapsulated is None and method != "OPTIONS":
        raise Fault("request without Encapsulated")
    if method not in METHODS:
        raise Fault("method", Status.NO_METHOD)
    return RequestHead(
        method,
        _service(line["uri"]),
        NOTHING if encapsulated is None else read_sections(method, encapsulated[0]),
        _preview(fields),
        b"204" in _words(fields, b"allow"),
        b"close" in _words(fields, b"connection"),
        fields.get(b"x-client-ip", [b""])[0],
    )


def _read_fields(lines: list[bytes]) -> Fields:
    if len(lines) > MOST_FIELDS:
        raise Fault("number of fields")
    fields: Fields = {}
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found is None or _CONTROL.search(line) is not None:
            raise Fault("field")
        fields.setdefault(found["name"].lower(), []).append(found["value"].strip())
    if any(len(fields.get(name, ())) > 1 for name in _ONCE):
        raise Fault("field that is there twice")
    return fields


def _service(uri: bytes) -> str:
    path = _ABSOLUTE.sub(b"", uri, count=1) if _ABSOLUTE.match(uri) else uri
    return re.split(rb"[?#]", path, maxsplit=1)[0].strip(b"/").decode("ascii")


def _preview(fields: Fields) -> int | None:
    value = fields.get(b"preview")
    if value is None:
        return None
    if _DIGITS.fullmatch(value[0]) is None:
        raise Fault("Preview")
    return int(value[0])


def _words(fields: Fields, name: bytes) -> set[bytes]:
    """The words of a list that may be spread over several fields, in lower case."""
    values = b",".join(fields.get(name, ())).lower().split(b",")
    return {value.strip() for value in values}
