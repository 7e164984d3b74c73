"""Behaviour of what python-tuf fetches through."""

from collections.abc import Iterator

import pytest
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
)

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.installing.carrier import Missing, TooLong
from clearward.installing.fetcher import CarrierFetcher


class Carrier:
    """Gives pieces, then an error."""

    def __init__(self, *pieces: bytes, error: ClearwardError | None = None) -> None:
        self.pieces, self.error = pieces, error
        self.asked: list[tuple[str, int]] = []

    def read(self, name: str, most: int) -> bytes:
        return b"".join(self.stream(name, most))

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        self.asked.append((name, most))
        yield from self.pieces
        if self.error:
            raise self.error


def fetcher(carrier: Carrier) -> CarrierFetcher:
    return CarrierFetcher(lambda url: (carrier, f"of {url}"))


def test_the_carrier_is_told_how_much_may_come() -> None:
    carrier = Carrier(b"a", b"b")
    assert fetcher(carrier).download_bytes("x", 9) == b"ab"
    assert carrier.asked == [("of x", 9)]
    assert b"".join(fetcher(carrier).fetch("x")) == b"ab"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Missing("a", 403), DownloadHTTPError),
        (TooLong("a"), DownloadLengthMismatchError),
        (Unavailable("a"), DownloadError),
        (Refused("a"), DownloadError),
    ],
)
def test_errors_are_said_in_the_words_of_python_tuf(
    error: ClearwardError, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        fetcher(Carrier(b"a", error=error)).download_bytes("x", 9)
    assert caught.value.__cause__ is error
    assert getattr(caught.value, "status_code", 403) == 403
