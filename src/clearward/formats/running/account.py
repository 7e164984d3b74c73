"""How many instructions the programs inside one file may be run for, all together.

An archive may hold thousands of programs that run in circles, so what one of them may
use is not what a file may use. Whoever scans a file opens an account for it; every run
takes from it, and pays for what it gives as well, since that has to be looked at.
Where no account is open, each program has one of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

MOST = 150_000_000  # instructions for one file: about 5 seconds
PER_PROGRAM = 100_000  # instructions that laying a program out counts as
BYTES = 4  # that are given for the price of an instruction


class Account:
    """Instructions that may still be done.

    Args:
        left: so many.

    Attributes:
        left: as above; below 1 if it is used up.
    """

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    @property
    def empty(self) -> bool:
        """Nothing may be run any more."""
        return self.left <= 0

    def give(self, size: int) -> None:
        """Pay for so many bytes that were made of a run."""
        self.left -= size // BYTES


_open: list[Account] = []


@contextmanager
def shared(workers: int = 1) -> Iterator[Account]:
    """Open the account that all programs take from until the end of the block.

    Args:
        workers: that look at shares of the same file at the same time.
    """
    account = Account(MOST // workers)
    _open.append(account)
    try:
        yield account
    finally:
        _open.pop()


def account() -> Account:
    """Return the account that is open, or a new one for a single program."""
    return _open[-1] if _open else Account(MOST)
