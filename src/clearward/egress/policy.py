"""What may leave: only what a person has named, for the reason it was named for.

Nothing is allowed from the start. What carries a body is what a person asked to be
told, or what the log of the rules already makes public; a request for rules has none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.egress.request import Destination, Reason, Request

_WITH_BODY = frozenset({Reason.WITNESS, Reason.NOTIFY, Reason.SELFTEST})


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is allowed.

    Attributes:
        reason: what for.
        destination: where to.
    """

    reason: Reason
    destination: Destination


@dataclass(frozen=True, slots=True)
class Policy:
    """All that is allowed; nothing, if nothing is said.

    Attributes:
        rules: what is.
    """

    rules: frozenset[Rule] = frozenset()

    @classmethod
    def of(cls, allowed: Mapping[Reason, Collection[Destination]]) -> "Policy":
        """Allow the destinations of each reason."""
        return cls(
            frozenset(
                Rule(reason, destination)
                for reason, destinations in allowed.items()
                for destination in destinations
            )
        )

    def check(self, reason: Reason, destination: Destination) -> None:
        """Let a connection through.

        Raises:
            Refused: nobody has named it for this.
        """
        if Rule(reason, destination) not in self.rules:
            raise Refused(f"{destination}: not allowed to be asked for {reason.value}")

    def check_request(self, reason: Reason, request: Request) -> None:
        """Let a request through.

        Raises:
            Refused: what it is for carries no body.
        """
        if request.method != "GET" and reason not in _WITH_BODY:
            raise Refused(f"{request.line}: nothing is sent for {reason.value}")
