"""The files of one multipart request: read, put aside and judged as they arrive."""

import asyncio
from contextlib import closing
from types import TracebackType
from typing import Self

from starlette.types import Receive

from clearward.core.errors import Malformed
from clearward.faces.http.answers import Rejected
from clearward.faces.http.arriving import pieces
from clearward.faces.http.gate import Caller
from clearward.faces.http.multipart import Begin, Data, Event, Parts
from clearward.faces.http.office import AT_ONCE, Office, Wish
from clearward.service.body import Body, TooLarge
from clearward.service.judgement import Judgement

# All files of a request together may be this many times as large as one.
TOGETHER = 4


class Upload:
    """One such request. Use it in an `async with` block: nothing of it stays.

    Args:
        office: where files are judged.
        caller: whose they are.
        boundary: of the parts.
        wish: how each file is looked at.

    Attributes:
        names: what its sender calls the files.
    """

    def __init__(
        self, office: Office, caller: Caller, boundary: bytes, wish: Wish
    ) -> None:
        self.names: list[str] = []
        self._office = office
        self._caller = caller
        self._wish = wish
        self._parts = Parts(boundary)
        self._left = office.service.max_object * TOGETHER
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._body: Body | None = None
        self._judging: list[asyncio.Task[Judgement]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._body is not None:
            self._body.close()
        for task in self._judging:
            task.cancel()
        await asyncio.gather(*self._judging, return_exceptions=True)

    async def read(self, receive: Receive) -> None:
        """Read the body to its end; the first files may be judged meanwhile.

        Raises:
            Malformed: it is not multipart, is cut, or holds no file.
            TooLarge: a file is, or all of them together are.
            Rejected: more files than may be, or it arrives too slowly.
            Gone: the client left.
        """
        async for piece in pieces(receive, self._office.settings.pace):
            for event in self._parts.receive(piece):
                self._take(event)
            self._raise_early()
        self._parts.finish()
        if not self.names:
            raise Malformed("multipart", 0, "part: there is none")

    async def judgements(self) -> list[Judgement]:
        """What is said of each file, in their order."""
        return await asyncio.gather(*self._judging)

    def _take(self, event: Event) -> None:
        if isinstance(event, Begin):
            self._begin(event.name)
        elif self._body is None:
            raise Malformed("multipart", 0, "part")
        elif isinstance(event, Data):
            self._left -= len(event.data)
            if self._left < 0:
                raise TooLarge("the files are too large together")
            self._body.write(event.data)
        else:
            self._end(self._body)

    def _begin(self, name: str) -> None:
        if len(self.names) == self._office.settings.parts:
            most = self._office.settings.parts
            raise Rejected(413, "too-many", f"at most {most} files in a request")
        self.names.append(name)
        service = self._office.service
        self._body = Body(service.storage, service.max_object)

    def _end(self, body: Body) -> None:
        self._body = None
        self._judging.append(asyncio.ensure_future(self._judge(body)))

    async def _judge(self, body: Body) -> Judgement:
        with closing(body):  # what it takes of the memory is counted until then
            entry = body.entry(b"http")
            return await self._office.judge_in_turn(
                self._turn, entry, self._caller, self._wish
            )

    def _raise_early(self) -> None:
        """Do not read on for a request whose answer is an error already."""
        for task in self._judging:
            if task.done():
                task.result()
