"""Ask Rspamd about a mail that carries the sample, as a mail server does.

Only the action counts: a symbol without one is a scanner that was heard and not obeyed.

Source: docs.rspamd.com, "Protocol", ``/checkv2``.
"""

import json
from dataclasses import dataclass
from typing import Any

from clearward.faces.selftest.chain import Fate, NotAble, Seen
from clearward.faces.selftest.dialing import Place
from clearward.faces.selftest.requests import Request, exchange
from clearward.faces.selftest.samples import Sample, mail

_STOPS = ("reject", "discard", "quarantine")
_LATER = ("soft reject",)
_SENDER = "selftest@localhost"
_DONE = 200
_MOST_SYMBOLS = 20


@dataclass(frozen=True, slots=True)
class Rspamd:
    """One Rspamd.

    Attributes:
        where: its normal worker, port 11333.
    """

    where: Place
    name: str = "rspamd"

    @property
    def target(self) -> str:
        """The address."""
        return self.where.shown

    def send(self, sample: Sample) -> Seen:
        """Ask about a mail."""
        headers = {"From": _SENDER, "Rcpt": _SENDER, "Content-Type": "text/plain"}
        message = mail(sample, _SENDER, _SENDER)
        request = Request("POST", "/checkv2", self.where.shown, headers, message)
        answer = exchange(self.where, request)
        if answer.status != _DONE:
            raise NotAble(f"Rspamd answered {answer.status}")
        return judged(answer.body)


def judged(body: bytes) -> Seen:
    """Read an answer.

    Raises:
        NotAble: it is none.
    """
    try:
        found: dict[str, Any] = json.loads(body)
        action = str(found["action"])
        symbols = sorted(map(str, found.get("symbols", {})))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAble("what Rspamd said cannot be read") from error
    fate = Fate.PASSED
    if action in _STOPS:
        fate = Fate.BLOCKED
    elif action in _LATER:
        fate = Fate.UNCLEAR
    shown = ", ".join(symbols[:_MOST_SYMBOLS]) or "none"
    return Seen(fate, (f"action: {action}", f"symbols: {shown}"))
