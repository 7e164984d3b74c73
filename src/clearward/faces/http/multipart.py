"""Several files in one body, without a socket and never whole in memory.

    --boundary
    Content-Disposition: form-data; name="file"; filename="a.zip"

    bytes
    --boundary--

Every part is a file, whether it has a file name or not: nothing is left unscanned
because of what its sender calls it. The library reads the bytes; this turns what it
calls back into events.

Source: RFC 7578, RFC 2046 section 5.1.
"""

from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from clearward.core.errors import Malformed
from clearward.faces.text import utf8

_LONGEST_NAME = 1024  # characters that are given back


@dataclass(frozen=True, slots=True)
class Begin:
    """A file begins.

    Attributes:
        name: what its sender calls it; may be empty.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Data:
    """More of the file that began last."""

    data: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The file that began last is whole."""


Event = Begin | Data | End


class Parts:
    """Turns the bytes of a body into events.

    Args:
        boundary: from the header of the request.

    Raises:
        Malformed: there is no such boundary.
    """

    def __init__(self, boundary: bytes) -> None:
        self._events: list[Event] = []
        self._field = b""
        self._value = b""
        self._name = ""
        self._ended = False
        self._taken = 0
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_part_data": self._data,
                    "on_part_end": lambda: self._events.append(End()),
                    "on_header_field": self._more_field,
                    "on_header_value": self._more_value,
                    "on_header_end": self._header,
                    "on_headers_finished": self._headers,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise self._malformed("boundary") from error

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they arrived, however split.

        Raises:
            Malformed: they are no such body.
        """
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise self._malformed("part") from error
        self._taken += len(data)
        events, self._events = self._events, []
        return events

    def finish(self) -> None:
        """Say that there is no more.

        Raises:
            Malformed: the last boundary is missing, so that something may be.
        """
        if not self._ended:
            raise self._malformed("last boundary: it is missing")

    def _begin(self) -> None:
        self._name = ""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(Data(data[start:end]))

    def _more_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _more_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            raw = options.get(b"filename") or options.get(b"name") or b""
            self._name = utf8(raw)[0][:_LONGEST_NAME]
        self._field = self._value = b""

    def _headers(self) -> None:
        self._events.append(Begin(self._name))

    def _end(self) -> None:
        self._ended = True

    def _malformed(self, field: str) -> Malformed:
        return Malformed("multipart", self._taken, field)


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary that a header Content-Type names; None if it names none.

    Raises:
        Malformed: it says multipart and names none.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        return None
    boundary = options.get(b"boundary")
    if not boundary:
        raise Malformed("multipart", 0, "boundary: the header names none")
    return boundary
