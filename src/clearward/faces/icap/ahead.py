"""Bytes that clients have sent ahead: heads that are not whole, requests to come.

Each connection may have some, and there may be many connections, so all together have a
limit as well. Bodies do not count: they are worked off as they come.
"""

MOST_AHEAD = 128 * 1024 * 1024  # bytes of all connections
_AT_ONCE = 64 * 1024  # bytes that are read at once


class Ahead:
    """What all connections of one server hold.

    Args:
        most: bytes that they may hold.

    Attributes:
        space: where bytes are read to, before they are anybody's; it is one for all,
            since nothing else happens between reading and taking.
    """

    def __init__(self, most: int = MOST_AHEAD) -> None:
        self.space = memoryview(bytearray(_AT_ONCE))
        self._most = most
        self._held = 0

    def change(self, before: int, now: int) -> bool:
        """Note what a connection holds; say whether it may.

        Args:
            before: bytes that were noted for it last.
            now: bytes that it holds.
        """
        self._held += now - before
        return now <= before or self._held <= self._most
