"""Behaviour of what may leave."""

import pytest

from clearward.core.errors import Refused
from clearward.egress.policy import Policy
from clearward.egress.request import Destination, Reason, Request

HERE = Destination("https", "rules.example", 443)


@pytest.mark.parametrize("reason", list(Reason))
def test_nothing_is_allowed_from_the_start(reason: Reason) -> None:
    with pytest.raises(Refused, match=r"rules\.example:443: not allowed"):
        Policy().check(reason, HERE)


@pytest.mark.parametrize(
    ("reason", "destination"),
    [
        (Reason.IMPORT, HERE),
        (Reason.UPDATE, Destination("http", "rules.example", 443)),
        (Reason.UPDATE, Destination("https", "rules.example", 444)),
        (Reason.UPDATE, Destination("https", "a.rules.example", 443)),
    ],
)
def test_what_is_named_is_allowed_and_nothing_beside(
    reason: Reason, destination: Destination
) -> None:
    policy = Policy.of({Reason.UPDATE: [HERE]})
    policy.check(Reason.UPDATE, HERE)
    with pytest.raises(Refused, match="not allowed"):
        policy.check(reason, destination)


@pytest.mark.parametrize("reason", list(Reason))
def test_only_what_a_person_wants_told_has_a_body(reason: Reason) -> None:
    posted = Request("POST", "/", b"x", "text/plain")
    Policy().check_request(reason, Request("GET", "/"))
    if reason in (Reason.WITNESS, Reason.NOTIFY, Reason.SELFTEST):
        Policy().check_request(reason, posted)
    else:
        with pytest.raises(Refused, match="nothing is sent"):
            Policy().check_request(reason, posted)
