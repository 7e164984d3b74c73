"""One object on its way from a client to the jail, in every form that is judged.

The bytes as they came are always judged by themselves. A body that is made of several
parts is judged once more with a head of MIME in front of it, since the boundary between
its parts, or the encoding of the whole, is told by a head of HTTP alone.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Self

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.icap.http_head import HttpHead
from clearward.jail.broker import OpenFile
from clearward.service.body import Body
from clearward.service.context import Service
from clearward.service.judgement import Judgement

PIECE = 64 * 1024  # bytes that are given back at once


class Received:
    """One object.

    Args:
        service: judges it.
        http: what its head of HTTP says.
        tenant: whose it is.

    Attributes:
        size: bytes so far.
    """

    def __init__(self, service: Service, http: HttpHead, tenant: str) -> None:
        self._service = service
        self._http = http
        self._tenant = tenant
        limit = service.max_object
        self._body = Body(service.storage, limit)
        self._mime: Body | None = None
        if http.mime:
            self._mime = Body(service.storage, limit + len(http.mime))
        self._kept = -1
        self.size = 0

    def write(self, data: bytes) -> None:
        """Add some bytes.

        Raises:
            TooLarge: it has more than an object may have.
            NoRoom: there is no room for it.
        """
        self._body.write(data)
        if self._mime is not None:
            if not self.size:
                self._mime.write(self._http.mime)
            self._mime.write(data)
        self.size += len(data)

    async def judge(self) -> Judgement:
        """Return what is said of it.

        Raises:
            Busy: too many objects wait.
            NoRoom: there is no room for it.
        """
        entry = self._body.entry(self._http.target)
        self._kept = _again(entry)
        judgement = await self._service.desk.judge(entry, self._tenant)
        if self._mime is not None and self.size and judgement.outcome is not _FOUND:
            again = self._mime.entry(self._http.target)
            second = await self._service.desk.judge(again, self._tenant)
            judgement = _both(judgement, second)
        if self._http.hidden and self.size and judgement.outcome is not _FOUND:
            reasons = judgement.reasons | Reason.UNSUPPORTED
            judgement = _unscanned(judgement, reasons)
        return judgement

    def pieces(self) -> Iterator[bytes]:
        """The bytes as they came, after it was judged; none of them is empty."""
        offset = 0
        while piece := os.pread(self._kept, PIECE, offset):
            yield piece
            offset += len(piece)

    def close(self) -> None:
        """Forget it; once is enough."""
        kept, self._kept = self._kept, -1
        if kept >= 0:
            os.close(kept)
        self._body.close()
        if self._mime is not None:
            self._mime.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


_FOUND = Outcome.FOUND


def _again(entry: OpenFile) -> int:
    """Another descriptor of what the desk will close; it cannot be written to."""
    try:
        return os.dup(entry.descriptor)
    except OSError:
        entry.close()
        raise


def _both(raw: Judgement, mime: Judgement) -> Judgement:
    """What two looks at one object amount to: a match wins over a gap."""
    if mime.outcome is Outcome.FOUND:
        return mime
    reasons = raw.reasons | mime.reasons
    both = _unscanned(raw, reasons) if reasons else raw
    return replace(both, excluded=raw.excluded + mime.excluded)


def _unscanned(judgement: Judgement, reasons: Reason) -> Judgement:
    return Judgement(
        Outcome.UNSCANNED,
        (),
        reasons,
        judgement.size,
        judgement.parts,
        judgement.seconds,
    )
