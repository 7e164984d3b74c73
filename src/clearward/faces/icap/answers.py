"""Write the answers of ICAP.

Encapsulated is always the last field: Nextcloud's reader stops there. ISTag is in every
answer, since a proxy forgets what it has stored when the tag changes.

Source: RFC 3507, sections 4.3.3, 4.7, 4.8 and 4.10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate

from clearward.faces.icap.findings import found_fields
from clearward.faces.icap.page import block_page
from clearward.faces.icap.status import Status

PREVIEW = 1024  # bytes that are asked for in front of an object
OPTIONS_SECONDS = 3600  # for which a client may keep an answer to OPTIONS

CONTINUE = b"ICAP/1.0 100 Continue\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
_NO_BODY = "Encapsulated: null-body=0"
_TAG_DIGITS = 24  # of the rules' digest; RFC 3507 allows 32 characters in all


@dataclass(frozen=True, slots=True)
class Manner:
    """What all answers to one request have in common.

    Attributes:
        tag: value of ISTag, quoted.
        closes: the connection is closed behind it.
    """

    tag: str
    closes: bool = False

    def head(self, status: Status, *fields: str) -> bytes:
        """The head of an answer, its empty line included."""
        lines = (
            f"ICAP/1.0 {status.value} {status.phrase}",
            "Server: clearward",
            f"Date: {formatdate(usegmt=True)}",
            f"Connection: {'close' if self.closes else 'keep-alive'}",
            f"ISTag: {self.tag}",
            *fields,
            "",
            "",
        )
        return "\r\n".join(lines).encode("ascii")


def tag_of(digest: str) -> str:
    """The quoted ISTag for rules and exclusions of a digest: others, another tag."""
    return f'"CW-{digest[:_TAG_DIGITS]}"'


def options(manner: Manner) -> bytes:
    """Say what a service can do."""
    return manner.head(
        Status.OK,
        "Methods: RESPMOD, REQMOD",
        "Service: clearward",
        f"Preview: {PREVIEW}",
        "Transfer-Preview: *",
        "Allow: 204",
        f"Options-TTL: {OPTIONS_SECONDS}",
        _NO_BODY,
    )


def unmodified(manner: Manner) -> bytes:
    """Say that the object may be used as it is."""
    return manner.head(Status.UNMODIFIED)


def echo(manner: Manner, section: str, http: bytes, *, body: bool) -> bytes:
    """Begin to give the object back; its body follows in chunks.

    Args:
        manner: of this answer.
        section: ``"req"`` or ``"res"``.
        http: its head of HTTP; may be empty.
        body: there is a body.
    """
    head = f"{section}-hdr=0, " if http else ""
    name = f"{section}-body" if body else "null-body"
    return manner.head(Status.OK, f"Encapsulated: {head}{name}={len(http)}") + http


def found(manner: Manner, rules: Sequence[str], address: bytes) -> bytes:
    """Give a page in the place of the object, whole.

    Args:
        manner: of this answer.
        rules: names of what matched; at least one.
        address: of the object, raw; may be empty.
    """
    page = block_page(rules, address)
    http = (
        "HTTP/1.0 403 Forbidden\r\n"
        "Server: clearward\r\n"
        "Connection: close\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Language: en\r\n"
        f"Content-Length: {len(page)}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "\r\n"
    ).encode("ascii")
    place = f"Encapsulated: res-hdr=0, res-body={len(http)}"
    head = manner.head(Status.OK, *found_fields(rules), place)
    return head + http + chunk(page) + LAST_CHUNK


def refusal(manner: Manner, status: Status, fields: Sequence[str] = ()) -> bytes:
    """Say that there is no verdict."""
    return manner.head(status, *fields, _NO_BODY)


def chunk(data: bytes) -> bytes:
    """One chunk; `data` is not empty."""
    return b"%x\r\n%b\r\n" % (len(data), data)
