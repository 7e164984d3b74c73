"""Statuses and faults."""

from clearward.faces.icap.status import Fault, Status


def test_every_status_has_words() -> None:
    assert all(status.phrase for status in Status)


def test_a_fault_is_a_bad_request_unless_it_says_more() -> None:
    assert Fault("field").status is Status.BAD_REQUEST
    assert str(Fault("pace", Status.TIMED_OUT)) == "icap: bad pace"
