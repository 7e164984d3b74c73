"""A desk with a real jail behind it, for tests that read as what a client sees."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from clearward.jail.broker import OpenFile, admit
from clearward.service.desk import Desk
from clearward.service.loading import load
from clearward.service.logs import logger
from clearward.wiring import RuleChoice, ScanChoice, Scanner
from support.marks import EICAR

HUGE = 64 << 30  # bytes, all of them a hole: nobody looks through them in a test


class Lines:
    """A stream that keeps what is written to it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Keep it."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """It is none."""
        return False

    def fileno(self) -> int:
        """There is none."""
        raise OSError


@asynccontextmanager
async def desk(
    *rules: Path, jobs: int = 2, most: int = 64, log: Lines | None = None
) -> AsyncIterator[Desk]:
    """A desk that has started.

    Args:
        rules: sources beside the default rules.
        jobs: workers.
        most: objects that may wait.
        log: takes its log.
    """
    chosen = RuleChoice(tuple(map(str, rules)))
    choice = ScanChoice(jobs=jobs, serving=True, require="D")
    one = Desk(
        lambda: load(lambda: Scanner(chosen, choice)),
        jobs=jobs,
        log=logger(log or Lines(), {}),  # type: ignore[arg-type] # all that is used
        most_waiting=most,
    )
    await one.start()
    try:
        yield one
    finally:
        await one.close()


def held(content: bytes, size: int | None = None) -> OpenFile:
    """An object in memory.

    Args:
        content: its first bytes.
        size: of all; what is behind is a hole.
    """
    memory = os.memfd_create("object", os.MFD_CLOEXEC)
    try:
        os.write(memory, content)
        if size is not None:
            os.truncate(memory, size)
        flags = os.O_RDONLY | os.O_CLOEXEC
        again = os.open(f"/proc/self/fd/{memory}", flags)
    finally:
        os.close(memory)
    entry = admit(again, b"object", None)
    assert isinstance(entry, OpenFile)
    return entry


def eicar() -> OpenFile:
    """The test file."""
    return held(EICAR)


def slow() -> OpenFile:
    """An object that takes longer than any test."""
    return held(b"x", HUGE)


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> float:
    """Wait until something is true; return how long that took, in seconds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never became true"
        await asyncio.sleep(0.002)
    return time.monotonic() - began


def play(scene: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a test on an event loop of its own, and not for ever."""
    asyncio.run(asyncio.wait_for(scene(), 60))
