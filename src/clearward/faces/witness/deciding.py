"""One thread decides: what has come while it wrote is written together next.

A disk syncs some hundred times a second, however much is written each time.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from clearward.core.errors import Unavailable
from clearward.stores.witness import Witness
from clearward.updates.witness import Answer, Logs, Submission, read

MOST_TOGETHER = 256
_FAILED = Answer(503, "what is signed could not be written down\n")


@dataclass(frozen=True, slots=True)
class _Waiting:
    body: bytes
    answer: Callable[[Answer], None]


class Deciding:
    """The thread, and what waits for it.

    Args:
        witness: its key and its heads; only the thread uses it from now on.
        logs: that it watches.
    """

    def __init__(self, witness: Witness, logs: Logs) -> None:
        self._witness = witness
        self._logs = logs
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="witness", daemon=True)
        self._thread.start()

    async def ask(self, body: bytes) -> Answer:
        """Return the answer to a request; what it says is on the disk."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer] = loop.create_future()

        def tell(said: Answer) -> None:
            loop.call_soon_threadsafe(_set, answered, said)

        self._waiting.put(_Waiting(body, tell))
        return await answered

    def close(self) -> None:
        """Decide what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going_on = True
        while going_on:
            together, going_on = self._gathered()
            self._decide(together)

    def _gathered(self) -> tuple[list[_Waiting], bool]:
        """Wait for one; return it and those that wait with it, and whether to go on."""
        together: list[_Waiting] = []
        one = self._waiting.get()
        while one is not None:
            together.append(one)
            if len(together) == MOST_TOGETHER:
                break
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                break
        return together, one is not None

    def _decide(self, together: list[_Waiting]) -> None:
        signed: list[tuple[_Waiting, Submission]] = []
        for one in together:
            found = read(one.body, self._logs)
            if isinstance(found, Answer):
                one.answer(found)
            else:
                signed.append((one, found))
        if not signed:
            return
        try:
            answers = self._witness.decide([asked for _, asked in signed])
        except Unavailable:
            answers = [_FAILED] * len(signed)
        for (one, _), said in zip(signed, answers, strict=True):
            one.answer(said)


def _set(answered: "asyncio.Future[Answer]", said: Answer) -> None:
    if not answered.done():  # nobody waits any more
        answered.set_result(said)
