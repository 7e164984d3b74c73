"""The interface of our own: `/v1/scan`, `/v1/rules`, `/v1/reload`.

Source: issue 5, point 5; the answers have the shape of `clearward scan --json`.
"""

import math
import time
from collections.abc import Coroutine
from contextlib import closing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from clearward.faces.http.answers import Rejected
from clearward.faces.http.arriving import pieces, unless_gone
from clearward.faces.http.gate import Caller
from clearward.faces.http.multipart import boundary_of
from clearward.faces.http.office import Office, Wish
from clearward.faces.http.rows import answer
from clearward.faces.http.upload import Upload
from clearward.service.body import Body, TooLarge
from clearward.service.judgement import Judgement

_LONGEST_NAME = 1024
_MOST_SECONDS = 86_400.0


class Rest:
    """Its handlers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def scan(self, request: Request, caller: Caller) -> Response:
        """Scan the body, or every file in it if it is multipart."""
        start = time.monotonic()
        wish = Wish(_seconds(request), _every(request))
        boundary = boundary_of(request.headers.get("content-type", ""))
        if boundary is None:
            name = request.query_params.get("name", "")[:_LONGEST_NAME]
            judgement = await self._one(request, caller, wish)
            names, judgements = [name], [judgement]
        else:
            upload = Upload(self._office, caller, boundary, wish)
            async with upload:
                await upload.read(request.receive)
                waiting: Coroutine[Any, Any, list[Judgement]] = upload.judgements()
                judgements = await unless_gone(request.receive, waiting)
            names = upload.names
        elapsed = time.monotonic() - start
        desk = self._office.service.desk
        said = answer(names, judgements, elapsed, desk.in_force.count, desk.level)
        return JSONResponse(said)

    async def rules(self, _request: Request, _caller: Caller) -> Response:
        """Say which rules are in force."""
        rules = self._office.service.desk.in_force
        return JSONResponse(
            {
                "rules": rules.count,
                "digest": rules.digest,
                "number": rules.number,
                "built": rules.built.isoformat(),
                "loaded": rules.loaded.isoformat(),
                "reloading": self._office.service.desk.reloading,
            }
        )

    async def reload(self, _request: Request, _caller: Caller) -> Response:
        """Begin to load the rules anew."""
        self._office.service.desk.reload()
        return JSONResponse({"reloading": True}, 202)

    async def _one(self, request: Request, caller: Caller, wish: Wish) -> Judgement:
        most = self._office.service.max_object
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            raise TooLarge(f"the object is larger than {most} bytes")
        with closing(Body(self._office.service.storage, most)) as body:
            async for piece in pieces(request.receive, self._office.settings.pace):
                body.write(piece)
            judging = self._office.judge(body.entry(b"http"), caller, wish)
            return await unless_gone(request.receive, judging)


def _every(request: Request) -> bool:
    """Whether every rule that matches is named."""
    word = request.query_params.get("all", "false")
    if word not in ("true", "false"):
        raise Rejected(400, "malformed", "all is true or false")
    return word == "true"


def _seconds(request: Request) -> float | None:
    """The time that the client waits, from the query; None if it does not say."""
    text = request.query_params.get("timeout")
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _MOST_SECONDS:
        raise Rejected(400, "malformed", "timeout is a number of seconds above 0")
    return seconds
