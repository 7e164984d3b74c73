"""Ask the HTTP interface of `clearward serve` about the sample."""

import json
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import Fate, NotAble, Seen
from clearward.faces.selftest.requests import Address, Request, address
from clearward.faces.selftest.samples import Sample

_FATES = {"clean": Fate.PASSED, "found": Fate.BLOCKED, "unscanned": Fate.UNCLEAR}
_DONE = 200


@dataclass(frozen=True, slots=True)
class Rest:
    """One server.

    Attributes:
        where: its address.
        token: shown to it; empty for none.
    """

    where: Address
    token: str = ""
    name: str = "http"

    @property
    def target(self) -> str:
        """The address."""
        return self.where.shown

    def send(self, sample: Sample) -> Seen:
        """Ask about a sample."""
        headers = {"Content-Type": "application/octet-stream"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        host = self.where.place.shown
        path = f"{self.where.path}/v1/scan"
        request = Request("POST", path, host, headers, sample.content)
        answer = self.where.ask(request)
        if answer.status != _DONE:
            raise NotAble(f"{self.target} answered {answer.status}")
        return judged(answer.body)


def rest(url: str, token: str) -> Rest:
    """Name a server.

    Raises:
        Refused: the token would go over a network for everybody to read.
    """
    where = address(url)
    if token and not where.private:
        raise Refused(f"{url!r}: the token would go over the network unencrypted")
    return Rest(where, token)


def judged(body: bytes) -> Seen:
    """Read an answer.

    Raises:
        NotAble: it is none.
    """
    try:
        outcome = str(json.loads(body)["outcome"])
        fate = _FATES[outcome]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAble("what the server said cannot be read") from error
    return Seen(fate, (f"outcome: {outcome}",))
