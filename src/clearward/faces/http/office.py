"""What the two interfaces share: one place where objects are judged and counted."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from clearward.core.reasons import words
from clearward.core.verdict import Outcome
from clearward.faces.http.folders import Folders
from clearward.faces.http.gate import Caller, Gate
from clearward.faces.http.settings import HttpSettings
from clearward.jail.broker import Entry, OpenFile
from clearward.service.context import Service
from clearward.service.judgement import Judgement

# Of one request, so that it does not fill the queue alone.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """How a client wants its objects looked at.

    Attributes:
        seconds: a deadline for each; None for the usual one.
        every: name every rule that matches, not only the first.
    """

    seconds: float | None = None
    every: bool = False


def _none() -> dict[Outcome, int]:
    return dict.fromkeys(Outcome, 0)


@dataclass(slots=True)
class Tally:
    """What was judged for this face since its start.

    Attributes:
        objects: by outcome.
        sizes: their bytes, by outcome.
    """

    objects: dict[Outcome, int] = field(default_factory=_none)
    sizes: dict[Outcome, int] = field(default_factory=_none)


@dataclass(frozen=True, slots=True)
class Office:
    """What a handler works with.

    Attributes:
        service: the desk and the room for bodies.
        settings: of this face.
        gate: who may ask.
        folders: whose files may be scanned.
        stopping: says whether the server is about to end.
        tally: what was judged.
    """

    service: Service
    settings: HttpSettings
    gate: Gate
    folders: Folders
    stopping: Callable[[], bool]
    tally: Tally = field(default_factory=Tally)

    async def judge(self, entry: Entry, caller: Caller, asked: Wish) -> Judgement:
        """Have one object judged, and count it. Takes over `entry`."""
        judgement = await self.service.desk.judge(
            entry, caller.tenant, asked.seconds, every=asked.every
        )
        outcome, size = judgement.outcome, judgement.size
        self.service.metrics.answered("http", outcome, judgement.seconds, size)
        if outcome is not Outcome.CLEAN:
            self._log(judgement, caller)
        self.tally.objects[outcome] += 1
        self.tally.sizes[outcome] += size
        return judgement

    def _log(self, judgement: Judgement, caller: Caller) -> None:
        self.service.log.warning(
            "not clean",
            face="http",
            tenant=caller.tenant,
            outcome=judgement.outcome.value,
            rules=[rule.name for rule in judgement.rules],
            reasons=words(judgement.reasons),
            bytes=judgement.size,
            seconds=round(judgement.seconds, 3),
        )

    async def judge_in_turn(
        self, turn: asyncio.Semaphore, entry: OpenFile, caller: Caller, asked: Wish
    ) -> Judgement:
        """Have one of several objects judged. Takes over `entry`."""
        handed = False
        try:
            async with turn:
                handed = True
                return await self.judge(entry, caller, asked)
        finally:
            if not handed:
                entry.close()
