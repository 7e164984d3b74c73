"""How witnesses are reached: through the door, and only those that a policy names."""

from collections.abc import Iterator
from contextlib import contextmanager

from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy as Allowed
from clearward.egress.request import Place, Reason, Request
from clearward.publishing.witnesses import Ask, Reach
from clearward.updates.policy import Policy
from clearward.updates.submitting import MOST, NAME, SECONDS, Reply
from clearward.updates.witness import TEXT


def door_to(ledger: Ledger, policy: Policy) -> Door:
    """Return a door that leads to the witnesses of a policy and nowhere else.

    Args:
        ledger: of this machine.
        policy: of a repository; its witnesses are who a person has named.

    Raises:
        Refused: an address is none.
    """
    places = [Place.parse(one.address) for one in policy.witnesses.values()]
    allowed = Allowed.of({Reason.WITNESS: [one.destination for one in places]})
    return Door(ledger, allowed)


def reaching(door: Door) -> Reach:
    """Return what reaches witnesses through a door."""

    @contextmanager
    def reach(address: str) -> Iterator[Ask]:
        place = Place.parse(address)
        target = place.target(NAME)
        with door.connection(
            place.destination, Reason.WITNESS, seconds=SECONDS
        ) as connection:

            def ask(body: bytes) -> Reply:
                request = Request("POST", target, body, TEXT)
                answer = connection.ask(request, most=MOST)
                return Reply(answer.status, answer.body, answer.type)

            yield ask

    return reach
