"""The stream that a client is sending."""

from clearward.core.reasons import Reason
from clearward.faces.clamd.protocol import Order
from clearward.faces.clamd.settings import ClamdSettings
from clearward.jail.broker import Entry, Unopened
from clearward.service.body import Body, Storage
from clearward.service.desk import Desk
from clearward.service.judgement import Judgement

STREAM = b"stream"  # in place of a path


class Incoming:
    """One stream, from its order to its last byte.

    Args:
        order: that it belongs to.
        storage: keeps it.
        settings: of the face.

    Attributes:
        body: what has come so far.
        order: that it belongs to.
    """

    __slots__ = ("_most_size", "body", "order")

    def __init__(self, order: Order, storage: Storage, settings: ClamdSettings) -> None:
        self.order = order
        self.body = Body(storage, settings.stream_size)
        self._most_size = settings.file_size

    @property
    def _is_large(self) -> bool:
        return self._most_size is not None and self.body.size > self._most_size

    def known(self, desk: Desk, tenant: str) -> Judgement | None:
        """What is said of all of it without looking at it; None if nothing is."""
        if self._is_large:
            return None
        return desk.recall(self.body.digest, tenant, self.body.size)

    def entry(self) -> Entry:
        """Return all of it, for the jail.

        Raises:
            NoRoom: no file can be opened.
        """
        if self._is_large:
            return Unopened(STREAM, Reason.SIZE_LIMIT, self.body.size)
        return self.body.entry(STREAM)
