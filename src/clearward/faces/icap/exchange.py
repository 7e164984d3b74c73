"""One request and its answer.

    head -> 404 | options | object
    object -> preview over: 100, unless it says itself that it is too large
           -> whole -> verdict -> 204, or given back | 403 | 500

What cannot be judged is answered with an error, never with the object. A request whose
body is not read to its end is the last one on its connection.

Source: RFC 3507, sections 4.5, 4.6, 4.8 to 4.10.
"""

import asyncio
from collections.abc import Sequence
from logging import DEBUG, INFO, WARNING

from clearward.core.errors import Unavailable
from clearward.core.reasons import words
from clearward.core.verdict import Outcome
from clearward.faces.icap import answers
from clearward.faces.icap.answers import Manner
from clearward.faces.icap.findings import TOO_LARGE, error_code, unscanned_fields
from clearward.faces.icap.head import SERVICES, RequestHead
from clearward.faces.icap.http_head import NO_HEAD, HttpHead, read_http
from clearward.faces.icap.link import Link
from clearward.faces.icap.protocol import Asked, Ended, Piece, Stopped
from clearward.faces.icap.received import Received
from clearward.faces.icap.status import Fault, Status
from clearward.faces.text import shown
from clearward.service.body import NoRoom, TooLarge
from clearward.service.context import Service
from clearward.service.desk import Busy
from clearward.service.judgement import Judgement

MOST_TOLD = 200  # bytes of an address, or of a client's claim, in the log
_SECTION = {"REQMOD": "req", "RESPMOD": "res"}


class Exchange:
    """One request.

    Args:
        service: judges objects.
        link: where the request comes from.
        tenant: whose objects these are.
        tag: the ISTag of the rules in force.
    """

    def __init__(self, service: Service, link: Link, tenant: str, tag: str) -> None:
        self._service = service
        self._link = link
        self._tenant = tenant
        self._manner = Manner(tag)
        self._asked = Asked(RequestHead("", ""))

    async def run(self) -> bool:
        """Handle it; say whether the connection may stay open.

        Raises:
            Gone: the client has gone.
        """
        try:
            return await self._run()
        except Fault as fault:
            self._manner = Manner(self._manner.tag, closes=True)
            await self._refuse(fault.status)
            self._service.metrics.refused("icap")
            self._log("refused", INFO, why=fault.field, status=fault.status.value)
            return False

    async def _run(self) -> bool:
        loop = asyncio.get_running_loop()
        asked = await self._link.event(loop.time() + self._link.patience.head)
        if not isinstance(asked, Asked):
            raise Fault("order of events")
        self._asked = asked
        head = asked.head
        stays = not head.closes and not self._link.last
        self._manner = Manner(self._manner.tag, closes=not stays)
        if head.service not in SERVICES:
            return await self._abandon(Status.NO_SERVICE)
        if head.method == "OPTIONS":
            return await self._options()
        try:
            return await self._object()
        except TooLarge:
            self._service.metrics.refused("icap")
            self._log("too large", INFO)
            return await self._abandon(Status.ERROR, unscanned_fields(TOO_LARGE))
        except (Busy, NoRoom, Unavailable) as error:
            self._service.metrics.refused("icap")
            self._log("overloaded", WARNING, why=type(error).__name__)
            return await self._abandon(Status.OVERLOADED)

    async def _options(self) -> bool:
        if self._asked.head.sections.body:  # no service asks for one
            return await self._abandon(Status.BAD_REQUEST)
        await self._end_of_body(None)
        await self._link.send(answers.options(self._manner))
        return self._done()

    async def _object(self) -> bool:
        head = self._asked.head
        section = _SECTION[head.method]
        http = self._asked.http
        told = (
            read_http(http[f"{section}-hdr"]) if f"{section}-hdr" in http else NO_HEAD
        )
        address = read_http(http["req-hdr"]).target if "req-hdr" in http else b""
        told = HttpHead(address, told.hidden, told.length, told.mime)
        if not head.sections.body:
            await self._end_of_body(None)
            await self._give_back(None)
            return self._done()
        with Received(self._service, told, self._tenant) as received:
            await self._end_of_body(received, told.length)
            judgement = await self._link.judged(received.judge())
            self._log_verdict(judgement, address)
            await self._answer(judgement, received, address)
        return self._done()

    async def _end_of_body(
        self, received: Received | None, claimed: int | None = None
    ) -> None:
        """Take the body in; ask for what is behind its preview."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._link.patience.body
        while True:
            event = await self._link.event(until)
            if isinstance(event, Ended):
                return
            if isinstance(event, Piece) and received is not None:
                received.write(event.data)
            elif isinstance(event, Stopped):
                if claimed is not None and claimed > self._service.max_object:
                    raise TooLarge("an object that says so itself")
                self._link.conversation.proceed()
                await self._link.send(answers.CONTINUE)

    async def _answer(
        self, judgement: Judgement, received: Received, address: bytes
    ) -> None:
        if judgement.outcome is Outcome.FOUND:
            names = [rule.name for rule in judgement.rules]
            await self._link.send(answers.found(self._manner, names, address))
        elif judgement.outcome is Outcome.CLEAN:
            await self._give_back(received)
        else:
            reasons = judgement.reasons
            fields = unscanned_fields(error_code(reasons), reasons)
            await self._refuse(Status.ERROR, fields)

    async def _give_back(self, received: Received | None) -> None:
        """Say that the object is as it should be.

        RFC 3507 allows 204 for a whole object in a preview, whether the client says so
        or not (section 4.6). c-icap does not do that, so no client is used to it.
        """
        if self._asked.head.allows_204:
            await self._link.send(answers.unmodified(self._manner))
            return
        section = _SECTION[self._asked.head.method]
        http = self._asked.http.get(f"{section}-hdr", b"")
        body = received is not None
        await self._link.send(answers.echo(self._manner, section, http, body=body))
        if received is not None:
            for piece in received.pieces():
                await self._link.send(answers.chunk(piece))
            await self._link.send(answers.LAST_CHUNK)

    async def _abandon(self, status: Status, fields: Sequence[str] = ()) -> bool:
        """Answer at once; a client that is in the middle of a body is left then."""
        head = self._asked.head
        rests = bool(head.sections.body) and not self._link.conversation.waiting
        if rests:
            self._manner = Manner(self._manner.tag, closes=True)
        elif not self._link.conversation.waiting:
            await self._end_of_body(None)
        await self._refuse(status, fields)
        return False if rests else self._done()

    async def _refuse(self, status: Status, fields: Sequence[str] = ()) -> None:
        await self._link.send(answers.refusal(self._manner, status, fields))

    def _done(self) -> bool:
        self._link.conversation.answered()
        return not self._manner.closes

    def _log_verdict(self, judgement: Judgement, address: bytes) -> None:
        outcome, seconds = judgement.outcome, judgement.seconds
        metrics = self._service.metrics
        metrics.answered("icap", outcome, seconds, judgement.size)
        clean = outcome is Outcome.CLEAN
        self._log(
            "judged",
            DEBUG if clean else INFO,
            outcome=outcome.value,
            rules=[rule.name for rule in judgement.rules],
            reasons=list(words(judgement.reasons)),
            bytes=judgement.size,
            seconds=round(seconds, 4),
            path=None if clean else shown(address[:MOST_TOLD]),
        )

    def _log(self, event: str, level: int, **fields: object) -> None:
        head = self._asked.head
        self._service.log.log(
            level,
            event,
            face="icap",
            tenant=self._tenant,
            command=head.method or None,
            service=head.service[:MOST_TOLD] or None,
            user=shown(head.client[:MOST_TOLD]) or None,
            **fields,
        )
