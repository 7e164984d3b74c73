"""Fetch a sample through a web proxy, or send it through, as a browser does.

Without an origin the sample is served here, on the loopback, under a name that nobody
else knows; the proxy has to reach us there. With an origin the sample is uploaded to it
instead. The harmless file goes the same way, so that a difference is the content's.
"""

import secrets
from dataclasses import dataclass, field

from clearward.faces.selftest.chain import Fate, Seen
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.origin import Origin
from clearward.faces.selftest.requests import Address, Answer, Request, exchange
from clearward.faces.selftest.samples import Sample

_GOOD, _REFUSED, _BROKEN = 200, 400, 500
# Refusals of the proxy itself or of the origin, and not because of the content.
_NOT_THE_ORIGIN = (403, 407, 502, 503, 504)
_OTHER_REASONS = (400, 404, 405, 407, 408, 411, 413, 414, 429, 431)


@dataclass(slots=True)
class Squid:
    """One proxy.

    Attributes:
        where: its address.
        origin: what is uploaded to, or None to serve the sample here.
    """

    where: Place
    origin: Address | None = None
    name: str = "squid"
    _harmless: int = field(default=0, init=False)

    @property
    def target(self) -> str:
        """The address."""
        return self.where.shown

    def send(self, sample: Sample) -> Seen:
        """Let a sample through the proxy."""
        if self.origin is not None:
            return self._upload(sample, self.origin)
        path = f"/{secrets.token_hex(16)}.txt"
        with Origin(path, sample.content) as origin:
            host = f"127.0.0.1:{origin.port}"
            request = Request("GET", f"http://{host}{path}", host)
            answer = exchange(self.where, request)
            asked = origin.asked
        said = (
            f"proxy: {_shown(answer)}",
            f"origin: {'was asked' if asked else 'was not asked'}",
        )
        return Seen(_fetched(answer, sample, asked=asked), said)

    def _upload(self, sample: Sample, origin: Address) -> Seen:
        path = f"{origin.shown}/{secrets.token_hex(16)}.txt"
        headers = {"Content-Type": "application/octet-stream"}
        request = Request("POST", path, origin.place.shown, headers, sample.content)
        answer = exchange(self.where, request)
        said = (f"proxy: {_shown(answer)}",)
        return Seen(self._uploaded(answer, sample), said)

    def _uploaded(self, answer: Answer, sample: Sample) -> Fate:
        """Compare with the harmless upload, which the origin may refuse as well."""
        if not sample.bad:
            usable = answer.status not in _NOT_THE_ORIGIN
            self._harmless = answer.status if usable else 0
            return Fate.PASSED if usable else Fate.UNCLEAR
        if not self._harmless:
            return Fate.UNCLEAR
        if answer.status == self._harmless:
            return Fate.PASSED
        refused = _REFUSED <= answer.status < _BROKEN
        return Fate.BLOCKED if refused else Fate.UNCLEAR


def _fetched(answer: Answer, sample: Sample, *, asked: bool) -> Fate:
    """Say what became of a download."""
    if sample.content in answer.body:
        return Fate.PASSED
    refused = _REFUSED <= answer.status < _BROKEN
    if refused and asked and answer.status not in _OTHER_REASONS:
        return Fate.BLOCKED
    # Some proxies send a page of their own with 200 in the place of what they found.
    if answer.status == _GOOD and answer.whole and asked and sample.bad:
        return Fate.BLOCKED
    return Fate.UNCLEAR


def _shown(answer: Answer) -> str:
    found = next(
        (
            v
            for k, v in answer.headers.items()
            if k in ("x-infection-found", "x-virus-id")
        ),
        "",
    )
    return f"{answer.status}" + (f" ({found[:200]})" if found else "")
