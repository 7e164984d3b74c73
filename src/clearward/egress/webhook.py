"""Tells a server of the site's own choice what was found.

This is the one thing that sends paths of this machine, and it does so because a person
has named the address for it. A notice is sent once; what nobody takes is counted.
"""

import json
import queue
import threading
from typing import Any

from clearward.core.errors import ClearwardError
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Place, Reason, Request

SECONDS = 20.0  # for one notice
_MOST_WAITING = 100  # notices; beyond that they are dropped and counted
_MOST_ANSWER = 1 << 16  # bytes; nobody reads them
_REFUSED = 300
_TYPE = "application/json"


class Webhook:
    """Sends notices, one behind the other, in a thread of its own.

    Args:
        home: whose ledger is written.
        url: who is told, without a question mark.

    Attributes:
        door: what they leave through.
        dropped: notices that there was no room for, or that nobody took.

    Raises:
        Refused: it is no address.
    """

    def __init__(self, home: str, url: str) -> None:
        place = Place.parse(url)
        self._destination = place.destination
        path = place.path if url.endswith("/") else place.path.rstrip("/")
        self._target = path or "/"
        named = {Reason.NOTIFY: [self._destination]}
        self.door = Door(Ledger(home), Policy.of(named))
        self.dropped = 0
        self._waiting: queue.Queue[bytes | None] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread(target=self._work, daemon=True)

    def give(self, row: dict[str, Any]) -> None:
        """Give notice of one thing; never waits. Call it from one thread."""
        if not self._thread.is_alive():
            self._thread.start()
        try:
            self._waiting.put_nowait(json.dumps(row).encode("ascii"))
        except queue.Full:
            self.dropped += 1

    def close(self, seconds: float = SECONDS) -> None:
        """Send what waits, and give no more.

        Args:
            seconds: after which the rest is dropped.
        """
        if not self._thread.is_alive():
            return
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(seconds)

    def _work(self) -> None:
        while (body := self._waiting.get()) is not None:
            try:
                good = self._sent(body)
            except ClearwardError:
                good = False
            self.dropped += not good

    def _sent(self, body: bytes) -> bool:
        with self.door.connection(
            self._destination, Reason.NOTIFY, seconds=SECONDS
        ) as connection:
            request = Request("POST", self._target, body, _TYPE)
            return connection.ask(request, most=_MOST_ANSWER).status < _REFUSED
