"""Scan with workers that follow a script, on a clock that jumps."""

import os
import select
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from clearward.core.reasons import words
from clearward.jail.broker import Entry, open_file
from clearward.jail.pool import Pool
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Code, Job, encode_answer
from support.zygote import Script, ScriptedZygote, Worker, answers, good, lane

RULE_COUNT = 5
SECONDS = 500.0  # time limit of a file


@dataclass(frozen=True, slots=True)
class Run:
    """What came out of a pool, and what it did.

    Attributes:
        results: in the order in which they came.
        light: the zygote of the first lane.
        heavy: that of the second.
    """

    results: list[Scanned]
    light: ScriptedZygote
    heavy: ScriptedZygote

    def said(self) -> list[str]:
        """Outcome or reasons of each file, in the order of the files' names."""
        by_name = sorted(self.results, key=lambda one: one.entry.path)
        return [
            ",".join(words(one.verdict.reasons)) or one.verdict.outcome.value
            for one in by_name
        ]

    def deaths(self) -> Counter[str]:
        """How many workers ended in which way, as far as a file was to blame."""
        return Counter(one.death for one in self.results if one.death)


class Clock:
    """A clock that can be made to jump, so that no test has to wait."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        """The time, as `time.monotonic` would give it."""
        return time.monotonic() + self._ahead

    def jump(self) -> None:
        """Let every deadline pass that runs now."""
        self._ahead += 10 * SECONDS

    def advance(self, seconds: float) -> None:
        """Let some time pass."""
        self._ahead += seconds

    def hangs(self, worker: Worker) -> None:
        """A worker that never answers, and meanwhile its time is over."""
        for index, _ in enumerate(worker.asked()):
            if index == 0:
                self.jump()


class ImpatientPoll:
    """Looks at the clock more often than the real one.

    Attributes:
        before: called each time before the pool waits.
    """

    before: Callable[[], object] = staticmethod(lambda: None)

    def __init__(self) -> None:
        self._real = select.epoll()
        self.close = self._real.close
        self.register = self._real.register
        self.unregister = self._real.unregister

    def poll(self, seconds: float) -> list[tuple[int, int]]:
        """Wait a little and no more."""
        assert seconds < 2**21
        self.before()
        return self._real.poll(min(seconds, 0.01))


def files(folder: Path, count: int) -> Iterator[Entry]:
    """Files that hold their own number; opened as they are asked for."""
    for number in range(count):
        path = folder / f"{number:05}"
        if not path.exists():
            path.write_text(path.name)
        yield open_file(os.fsencode(path), os.fsencode(path), None, None)


def scan(
    entries: Iterator[Entry],
    *scripts: Script,
    heavy: Sequence[Script] = (),
    jobs: int = 1,
    job: Job = Job.SCAN,
    seconds: float = SECONDS,
    status: int = signal.SIGKILL,
) -> Run:
    """Scan with scripted workers and check that every entry comes out once."""
    light = ScriptedZygote(*scripts, status=status)
    second = ScriptedZygote(*(heavy or (good,)), status=status)
    seen: list[bytes] = []

    def noted() -> Iterator[Entry]:
        for entry in entries:
            seen.append(entry.path)
            yield entry

    with ExitStack() as stack:
        stack.callback(second.close)
        stack.callback(light.close)
        lanes = (lane(light), lane(second)) if heavy else (lane(light),)
        pool = Pool(lanes, RULE_COUNT, jobs=jobs, job=job, seconds=seconds)
        stack.callback(pool.close)
        results = list(pool.scan(noted()))
    assert sorted(one.entry.path for one in results) == sorted(seen)
    for zygote in (light, second):
        assert len(zygote.reaped) == zygote.forked
    return Run(results, light, second)


PLAIN = encode_answer(0, Code.CLEAN, [], (0, 0, 1))
HEAVY = answers(
    lambda asked: encode_answer(asked.identifier, Code.HEAVY, [], (0, 0, 0))
)
