"""How the HTTP face is set up."""

from dataclasses import dataclass, field

from clearward.faces.http.arriving import Pace
from clearward.faces.http.rate import Rate
from clearward.faces.http.tokens import Tokens

RESULT = "result"
ERROR = "error"


@dataclass(frozen=True, slots=True)
class Tls:
    """Where the certificate is.

    Attributes:
        certificate: file with it and those above it, PEM.
        key: file with its private key, PEM, without a password.
    """

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """All settings.

    Attributes:
        files: folders whose files `scanfile` may read; without any it answers 403.
        tokens: who may ask; None if everybody who gets here may.
        tls: None for plain HTTP.
        unscanned: what Kaspersky's interface answers for what could not be scanned:
            ``"result"``, its own word, or ``"error"``, a status of 503.
        rate: how often each may ask; None for no bound.
        pace: how fast a body has to arrive.
        head: seconds in which the head of a request has to be there, and in which an
            answer has to be taken.
        keep_alive: seconds that a connection may be idle between two requests.
        connections: most of them at a time.
        parts: most files in one request.

    Raises:
        ValueError: `unscanned` is neither word.
    """

    files: tuple[str, ...] = ()
    tokens: Tokens | None = None
    tls: Tls | None = None
    unscanned: str = RESULT
    rate: Rate | None = None
    pace: Pace = field(default_factory=Pace)
    head: float = 15.0
    keep_alive: int = 60
    connections: int = 16_384
    parts: int = 100

    def __post_init__(self) -> None:
        if self.unscanned not in (RESULT, ERROR):
            raise ValueError("unscanned is result or error")
