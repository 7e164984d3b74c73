"""What waits is taken from each tenant in turn, and can be taken out at once."""

import os

from hypothesis import given
from hypothesis import strategies as st

from clearward.jail.broker import OpenFile
from clearward.jail.wire import Job
from clearward.service.waiting import Ticket, Waiting

STATUS = os.stat("/")


def ticket(tenant: str, job: Job = Job.SCAN) -> Ticket:
    file = OpenFile(b"object", -1, 1, STATUS, gone=True)
    return Ticket(file, tenant, job, lambda _: None, 0.0)


def take(waiting: Waiting) -> str:
    turn = waiting.turns()[0]
    waiting.took(turn, 1)
    return turn[0]


def test_tenants_take_turns() -> None:
    waiting = Waiting(100)
    for tenant in "aaaabbc":
        waiting.put(ticket(tenant))
    assert "".join(take(waiting) for _ in range(7)) == "abcabaa"


def test_what_is_asked_for_apart_waits_apart() -> None:
    waiting = Waiting(100)
    waiting.put(ticket("a"))
    waiting.put(ticket("a", Job.EVERY))
    assert waiting.turns() == [("a", Job.SCAN), ("a", Job.EVERY)]


def test_it_is_full_at_the_most() -> None:
    waiting = Waiting(2)
    waiting.put(ticket("a"))
    assert not waiting.full
    waiting.put(ticket("b"))
    assert waiting.full


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=30), st.data())
def test_what_is_taken_out_is_not_met_again(tenants: str, data: st.DataObject) -> None:
    waiting = Waiting(100)
    tickets = [ticket(tenant) for tenant in tenants]
    for one in tickets:
        waiting.put(one)
    gone = data.draw(st.sampled_from(tickets))
    waiting.remove(gone)
    assert len(waiting) == len(tickets) - 1
    left = waiting.all()
    assert {id(one) for one in left} == {id(one) for one in tickets} - {id(gone)}
    assert len(waiting) == 0
    assert not waiting.turns()


def test_a_ticket_is_cancelled_once() -> None:
    told: list[Ticket] = []
    one = ticket("a")
    one.holder = told.append
    one.cancel()
    one.cancel()
    assert told == [one]
