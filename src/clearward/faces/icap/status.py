"""What an ICAP answer can say in its first line, and the error that asks for one.

Source: RFC 3507, section 4.3.3; RFC 2616, section 10.
"""

from enum import IntEnum

from clearward.core.errors import ClearwardError


class Status(IntEnum):
    """A status code; `phrase` is what stands behind it."""

    CONTINUE = 100
    OK = 200
    UNMODIFIED = 204
    BAD_REQUEST = 400
    NO_SERVICE = 404
    TIMED_OUT = 408
    ERROR = 500
    NO_METHOD = 501
    OVERLOADED = 503
    VERSION = 505

    @property
    def phrase(self) -> str:
        """The words of RFC 3507 for it."""
        return _PHRASES[self]


_PHRASES = {
    Status.CONTINUE: "Continue",
    Status.OK: "OK",
    Status.UNMODIFIED: "Unmodified",
    Status.BAD_REQUEST: "Bad request",
    Status.NO_SERVICE: "Service not found",
    Status.TIMED_OUT: "Request timeout",
    Status.ERROR: "Server error",
    Status.NO_METHOD: "Method not implemented",
    Status.OVERLOADED: "Service overloaded",
    Status.VERSION: "ICAP version not supported",
}


class Fault(ClearwardError):
    """A request that does not follow the protocol; nothing behind it can be trusted.

    Attributes:
        status: what the client is told, before the connection is closed.
        field: what was wrong, in the protocol's own words and never in the client's.
    """

    def __init__(self, field: str, status: Status = Status.BAD_REQUEST) -> None:
        super().__init__(f"icap: bad {field}")
        self.status = status
        self.field = field
