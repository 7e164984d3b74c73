"""Behaviour of the bound on bytes that are handed out again."""

from clearward.formats.installers.again import Again


def test_bytes_are_handed_out_a_few_times() -> None:
    again = Again(100)
    assert all(again.more(100) for _ in range(4))
    assert not again.more(1)
    assert not again.more(0)
