"""The interface of the Kaspersky Scan Engine, protocol versions 3.0 and 3.1.

A site that has to part with that product changes the name of a host. Not offered are
addresses of web pages (`checkurl`) and what steers the product itself.

Source: support.kaspersky.com/scanengine, articles 181169, 193001 and 193006 to 193009;
the contract of `serve`.
"""

from contextlib import closing
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from clearward import __version__
from clearward.core.verdict import Outcome
from clearward.faces.http.answers import LATER, Rejected
from clearward.faces.http.arriving import pieces, unless_gone
from clearward.faces.http.base64_stream import Base64Stream
from clearward.faces.http.gate import Caller
from clearward.faces.http.office import Office, Wish
from clearward.faces.http.protocol import MOST_REST, Asked, ScanRequest
from clearward.faces.http.results import SERVER_ERROR, answer
from clearward.faces.http.settings import ERROR
from clearward.jail.broker import Entry
from clearward.service.body import Body, TooLarge
from clearward.service.judgement import Judgement

_HEADERS = {"X-KAV-ProtocolVersion": "3"}
_LONGEST_PATH = 1 << 14  # bytes, before it is decoded


class Kaspersky:
    """Its handlers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def scan_memory(self, request: Request, caller: Caller) -> Response:
        """Scan what the request carries."""
        most = self._office.service.max_object
        _refuse_by_length(request, most)
        document, text = ScanRequest(), Base64Stream()
        with closing(Body(self._office.service.storage, most)) as body:
            async for piece in pieces(request.receive, self._office.settings.pace):
                for part in document.receive(piece):
                    body.write(text.receive(part))
            asked = document.finish()
            text.finish()
            entry = body.entry(b"memory")
            judgement = await self._judged(request, entry, caller, asked)
        return self._answer(judgement, "memory", asked.name)

    async def scan_file(self, request: Request, caller: Caller) -> Response:
        """Scan a file of this machine."""
        if not self._office.settings.files:
            self._office.folders.open(b"", 0)  # says that none may be
        document, path = ScanRequest(), bytearray()
        async for piece in pieces(request.receive, self._office.settings.pace):
            for part in document.receive(piece):
                path += part
                if len(path) > _LONGEST_PATH:
                    raise Rejected(400, "malformed", "the path is too long")
        asked = document.finish()
        named = _path(bytes(path))
        entry = self._office.folders.open(named, self._office.service.max_object)
        judgement = await self._judged(request, entry, caller, asked)
        shown = named.decode("utf-8", errors="backslashreplace")
        return self._answer(judgement, shown, asked.name)

    async def check_url(self, _request: Request, _caller: Caller) -> Response:
        """Say that addresses are not looked up."""
        raise Rejected(501, "not-offered", "addresses of web pages are not looked up")

    async def version(self, _request: Request, _caller: Caller) -> Response:
        """The version of this program, under the name that clients look for."""
        return _said({"KAVSDKVersion": f"clearward {__version__}"})

    async def bases_date(self, _request: Request, _caller: Caller) -> Response:
        """When the rules were made."""
        rules = self._office.service.desk.in_force
        return _said(
            {
                "databaseVersion": f"{rules.built:%d.%m.%Y %H:%M} GMT",
                "rules": rules.count,
                "digest": rules.digest,
            }
        )

    async def license_info(self, _request: Request, _caller: Caller) -> Response:
        """The licence, which does not expire."""
        return _said({"licenseName": "Apache-2.0"})

    async def statistics(self, _request: Request, _caller: Caller) -> Response:
        """Counts since the start, of this face."""
        tally = self._office.tally
        counts = {
            "total_requests": sum(tally.objects.values()),
            "infected_requests": tally.objects[Outcome.FOUND],
            "protected_requests": 0,
            "error_requests": tally.objects[Outcome.UNSCANNED],
            "engine_errors": self._office.service.desk.counts.deaths,
            "processed_data": sum(tally.sizes.values()),
            "infected_data": tally.sizes[Outcome.FOUND],
            "processed_urls": 0,
            "infected_urls": 0,
        }
        return _said({"statistics": counts})

    async def _judged(
        self, request: Request, entry: Entry, caller: Caller, asked: Asked
    ) -> Judgement:
        judging = self._office.judge(entry, caller, Wish(asked.seconds))
        return await unless_gone(request.receive, judging)

    def _answer(self, judgement: Judgement, object: str, name: str) -> Response:
        said = answer(judgement, object, name)
        result = said["scanResult"]
        if result == SERVER_ERROR:
            detail = "it could not be scanned; try again"
            raise Rejected(503, "not-scanned", detail, LATER, said)
        is_unscanned = judgement.outcome is Outcome.UNSCANNED
        if is_unscanned and self._office.settings.unscanned == ERROR:
            raise Rejected(
                503, "not-scanned", f"it was not scanned: {result}", {}, said
            )
        return _said(said)


def _said(content: dict[str, Any]) -> Response:
    return JSONResponse(content, headers=_HEADERS)


def _refuse_by_length(request: Request, most: int) -> None:
    """Refuse a body whose header says that it is too long.

    Base64 takes four characters for three bytes; JSON may escape some of them.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most * 3 // 2 + MOST_REST:
        raise TooLarge(f"the object is larger than {most} bytes")


def _path(given: bytes) -> bytes:
    """Join the halves of surrogate pairs that JSON wrote as two escapes."""
    try:
        halves = given.decode("utf-8", errors="surrogatepass")
        paired = halves.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le")
        return paired.encode("utf-8")
    except UnicodeError as error:
        raise Rejected(400, "malformed", "the path is no text") from error
