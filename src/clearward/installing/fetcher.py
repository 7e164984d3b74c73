"""What python-tuf's client fetches through: a carrier instead of a connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
)
from tuf.ngclient import FetcherInterface
from typing_extensions import override

from clearward.core.errors import ClearwardError
from clearward.installing.carrier import Files, Missing, TooLong

Split = Callable[[str], tuple[Files, str]]  # an address to a carrier and a name in it
_ENDLESS = 1 << 40  # bytes; who asks without a limit counts himself


class CarrierFetcher(FetcherInterface):
    """Gives what python-tuf asks for.

    Args:
        split: says which carrier has what stands at an address.
    """

    def __init__(self, split: Split) -> None:
        self._split = split

    @override
    def _fetch(self, url: str) -> Iterator[bytes]:
        carrier, name = self._split(url)
        yield from _said(carrier.stream(name, _ENDLESS))

    @override
    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """Give a file in memory; metadata are small, and rules do not come this way."""
        carrier, name = self._split(url)
        whole = BytesIO(b"".join(_said(carrier.stream(name, max_length))))
        yield whole


def _said(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces; raise errors in python-tuf's words, with ours as their cause."""
    try:
        yield from pieces
    except Missing as error:
        raise DownloadHTTPError(str(error), error.status) from error
    except TooLong as error:
        raise DownloadLengthMismatchError(str(error)) from error
    except ClearwardError as error:
        raise DownloadError(str(error)) from error
