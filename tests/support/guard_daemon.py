"""A guard whose desk is not a jail: what it says stands at the start of the files.

    python -m support.guard_daemon CHOICE PATH...

CHOICE is a JSON object with fields of `Choice`. Prints an object for everything that is
told, and a summary when it is asked to end.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from clearward.core.names import RuleName
from clearward.core.reasons import Reason, words
from clearward.core.verdict import Outcome
from clearward.faces.guard.guard import Choice, Guard
from clearward.faces.guard.judging import Judgement, Result
from clearward.faces.guard.marks import root
from clearward.faces.guard.seen import Seen, Trouble
from clearward.jail.broker import Entry, OpenFile
from support.marks import EICAR

NEVER = b"never answered"
SLOW = b"answered late"
LOCKED = b"encrypted"
LATE = 1.5  # seconds
RULE = RuleName("EICAR", "builtin", -1, "code")


class Desk:
    """Judges by the first bytes."""

    def submit(
        self, entry: Entry, _tenant: str, done: Callable[[Judgement], None], /
    ) -> None:
        assert isinstance(entry, OpenFile)
        head = os.pread(entry.descriptor, len(EICAR), 0)
        loop = asyncio.get_running_loop()
        if head.startswith(NEVER):
            return
        entry.close()
        result = Result(Outcome.CLEAN)
        if head.startswith(LOCKED):
            result = Result(Outcome.UNSCANNED, reasons=Reason.ENCRYPTED)
        if head == EICAR or head.startswith(SLOW):
            result = Result(Outcome.FOUND, (RULE,))
        loop.call_later(LATE if head.startswith(SLOW) else 0, done, result)


def say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def tell(said: Seen | Trouble) -> None:
    if isinstance(said, Trouble):
        say({"trouble": said.word})
        return
    row = {
        "name": os.path.basename(said.access.path).decode(),
        "what": said.access.what.value,
        "outcome": said.outcome.value,
        "reasons": words(said.reasons),
        "side": said.side.value,
    }
    say(row)


async def guard(choice: Choice) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    guard = Guard(choice, Desk(), tell)
    await guard.start()
    say({"ready": os.getpid(), "gate": guard.gate_process})
    lost = asyncio.ensure_future(guard.lost())
    await asyncio.wait(
        (asyncio.ensure_future(ended.wait()), lost),
        return_when=asyncio.FIRST_COMPLETED,
    )
    lost.cancel()
    guard.close()
    say({"summary": guard.summary()})


if __name__ == "__main__":
    chosen = json.loads(sys.argv[1])
    roots = tuple(map(root, sys.argv[2:]))
    for name in ("programs", "users", "patterns"):
        if name in chosen:
            chosen[name] = tuple(chosen[name])
    asyncio.run(guard(replace(Choice(roots), **chosen)))
