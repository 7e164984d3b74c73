"""Decides who a request is from and whether it may be answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from clearward.faces.http.answers import Rejected
from clearward.faces.http.rate import Buckets, Rate
from clearward.faces.http.settings import HttpSettings
from clearward.faces.http.tokens import Scope
from clearward.service.logs import Log

# Wrong tokens from one address: ten at once, then one in six seconds.
WRONG = Rate(per_second=1 / 6, burst=10)
_ASK = {"WWW-Authenticate": 'Bearer realm="clearward"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        tenant: whose bytes these are, such as ``"token:cloud"`` or ``"ip:127.0.0.1"``.
    """

    tenant: str


class Gate:
    """Tells callers from strangers.

    Args:
        settings: tokens and rate.
        allowed: says whether an address may come without a token.
        log: is told of wrong tokens.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        settings: HttpSettings,
        allowed: Callable[[str], bool],
        log: Log,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = settings.tokens
        self._allowed = allowed
        self._log = log
        self._clock = clock
        self._wrong = Buckets(WRONG)
        self._rates = Buckets(settings.rate) if settings.rate else None

    def admit(self, request: Request, scope: Scope) -> Caller:
        """Return who asks.

        Raises:
            Rejected: no good token, one without this scope, or too often.
        """
        caller = self._identify(request, scope)
        if self._rates is not None:
            seconds = self._rates.take(caller.tenant, self._clock())
            if seconds:
                raise _too_often(seconds)
        return caller

    def _identify(self, request: Request, scope: Scope) -> Caller:
        address = request.client.host if request.client else "local"
        peer = address if address.startswith("uid:") else f"ip:{address}"
        if self._tokens is None:
            if peer.startswith("ip:") and not self._allowed(address):
                raise Rejected(403, "forbidden", "this address may not come here")
            if _from_a_page(request):
                raise Rejected(403, "forbidden", "pages may not ask without a token")
            return Caller(peer)
        seconds = self._wrong.wait(peer, self._clock())
        if seconds:
            raise _too_often(seconds)
        header = request.headers.get("authorization", "")
        token = self._tokens.find(header) if header else None
        if token is None:
            if header:  # asking without one is no attempt
                self._wrong.take(peer, self._clock())
                self._log.warning("wrong token", face="http", peer=peer)
            raise Rejected(401, "unauthorized", "a good token is needed", _ASK)
        if scope not in token.scopes:
            raise Rejected(403, "forbidden", f"this token has no scope {scope.value}")
        return Caller(f"token:{token.name}")


def _from_a_page(request: Request) -> bool:
    """Say whether a browser asks for some page's sake.

    On the loopback there may be nothing but the browser's word between a page of
    anybody and this server. A browser that was sent here by a person says ``none``;
    programs that are no browser say nothing.
    """
    site = request.headers.get("sec-fetch-site", "none")
    return site != "none" or "origin" in request.headers


def _too_often(seconds: float) -> Rejected:
    wait = {"Retry-After": str(max(int(seconds + 0.999), 1))}
    return Rejected(429, "too-often", "too many requests; try again later", wait)
