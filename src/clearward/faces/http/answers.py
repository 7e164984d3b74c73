"""What an HTTP request is answered with: always JSON, and errors in one shape.

    {"error": "too-large", "detail": "the object is larger than 104857600 bytes"}

`error` is a word that programs compare, `detail` a line for people.
"""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from clearward.core.errors import ClearwardError, Malformed, Unavailable
from clearward.service.body import NoRoom, TooLarge
from clearward.service.desk import Busy

SOON = {"Retry-After": "1"}  # seconds
LATER = {"Retry-After": "10"}


class Rejected(ClearwardError):
    """A request that is answered with an error.

    Attributes:
        status: of HTTP, 400 to 599.
        code: the word.
        headers: more headers.
        more: more members of the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.more = dict(more or {})

    def response(self) -> Response:
        """The answer itself."""
        content = {"error": self.code, "detail": str(self), **self.more}
        return JSONResponse(content, self.status, self.headers)


class Gone(ClearwardError):
    """The client has left: nobody reads an answer."""


def as_rejected(error: Exception) -> Rejected:
    """Say which answer an error of another room is."""
    if isinstance(error, Rejected):
        return error
    for kind, status, code, headers in _KINDS:
        if isinstance(error, kind):
            return Rejected(status, code, str(error) or code, headers)
    return Rejected(500, "internal", "something went wrong here; the log says more")


_KINDS: tuple[tuple[type[Exception], int, str, dict[str, str]], ...] = (
    (Gone, 400, "gone", {}),
    (Malformed, 400, "malformed", {}),
    (TooLarge, 413, "too-large", {}),
    (Busy, 503, "busy", SOON),
    (NoRoom, 503, "no-room", LATER),
    (Unavailable, 503, "unavailable", LATER),
)

ANSWERED = (Rejected, *(kind for kind, *_ in _KINDS))

_CODES = {404: "not-found", 405: "method-not-allowed"}
_DETAILS = {
    404: "there is nothing at this path",
    405: "this path takes other methods; the header Allow names them",
}


async def answer_error(_request: Request, error: Exception) -> Response:
    """Answer an error that a handler let through."""
    if isinstance(error, HTTPException):
        status = error.status_code
        rejected = Rejected(
            status,
            _CODES.get(status, "refused"),
            _DETAILS.get(status, error.detail),
            error.headers,
        )
        return rejected.response()
    return as_rejected(error).response()
