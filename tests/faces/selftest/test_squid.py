"""A proxy that blocks, and many that do not or cannot be judged."""

from dataclasses import dataclass

import pytest
from support.fake_web import Answer, Came, serving
from support.marks import EICAR

from clearward.faces.selftest.chain import Outcome, tried
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.requests import Request, address, exchange
from clearward.faces.selftest.squid import Squid


@dataclass(frozen=True)
class Proxy:
    """Answers for itself, or gives what the origin gives.

    Attributes:
        bad: its own answer for the test file; None lets it through.
        good: its own answer for everything else; None lets it through.
    """

    bad: int | None
    good: int | None = None

    def __call__(self, came: Came) -> tuple[int, bytes]:
        url = address(came.target)
        asked = Request(came.method, url.path, url.place.shown, {}, came.body)
        answer = exchange(url.place, asked)
        found = EICAR in answer.body or EICAR in came.body
        own = self.bad if found else self.good
        return (own, b"blocked") if own else (answer.status, answer.body)


def outcome(proxy: Answer, origin: str = "") -> Outcome:
    with serving(proxy) as (port, _):
        where = address(origin) if origin else None
        return tried(Squid(Place("127.0.0.1", port), where)).outcome


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (Proxy(403), Outcome.BLOCKED),
        (Proxy(200), Outcome.BLOCKED),  # a page of its own
        (Proxy(None), Outcome.NOT_BLOCKED),
        (Proxy(500), Outcome.NOT_ABLE),
        (Proxy(407), Outcome.NOT_ABLE),
        (Proxy(403, 403), Outcome.NOT_ABLE),
        (Proxy(200, 200), Outcome.NOT_ABLE),
    ],
)
def test_a_download_is_blocked_or_not(proxy: Proxy, expected: Outcome) -> None:
    assert outcome(proxy) is expected


def test_a_proxy_that_never_asked_proves_nothing() -> None:
    assert outcome(lambda _: (403, b"")) is Outcome.NOT_ABLE


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (Proxy(403), Outcome.BLOCKED),
        (Proxy(None), Outcome.NOT_BLOCKED),
        (Proxy(500), Outcome.NOT_ABLE),
        (Proxy(403, 403), Outcome.NOT_ABLE),
        (Proxy(403, 503), Outcome.NOT_ABLE),
    ],
)
@pytest.mark.parametrize("taken", [201, 405])
def test_an_upload_is_blocked_or_not(
    proxy: Proxy, expected: Outcome, taken: int
) -> None:
    with serving(lambda _: (taken, b"")) as (port, _):
        assert outcome(proxy, f"http://127.0.0.1:{port}/up") is expected
