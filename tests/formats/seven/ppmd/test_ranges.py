"""Behaviour of the range coder of PPMd, and of the frequency of leaving a context."""

import pytest
from support.parts import at_random

from clearward.core.errors import Malformed, Truncated
from clearward.formats.seven.ppmd.ranges import Coder, CoderOfRar, See


def test_a_stream_of_zeros_is_the_first_of_everything() -> None:
    coder = Coder(at_random(bytes(20)))
    for total in (2, 300, 7):
        assert coder.threshold(total) == 0
        coder.take(0, 1)
    assert coder.bit(100) is False


def test_a_stream_of_ones_is_the_last_of_everything() -> None:
    coder = Coder(at_random(b"\0" + b"\xff" * 20))
    assert coder.bit(100) is True
    assert coder.threshold(10) >= 9


def test_what_is_taken_narrows_the_range() -> None:
    coder = Coder(at_random(b"\0\x80" + bytes(20)))
    assert coder.threshold(4) == 2
    coder.take(2, 1)
    assert coder.threshold(4) == 0


def test_a_stream_that_ends_is_truncated() -> None:
    with pytest.raises(Truncated):
        Coder(at_random(b"\0\0\0\0"))
    coder = Coder(at_random(bytes(5)))
    coder.threshold(1 << 14)
    with pytest.raises(Truncated):
        coder.take(0, 1)


def test_the_mean_moves_and_grows_sure() -> None:
    see = See(80, 3, 4)
    assert see.escape() == 10
    assert see.sum == 70
    for _ in range(4):
        see.found()
    assert (see.sum, see.shift, see.count) == (140, 4, 24)


def test_leaving_is_never_impossible() -> None:
    assert See(0, 3, 4).escape() == 1
    sure = See(5, 7, 1)
    sure.found()
    assert (sure.sum, sure.shift, sure.count) == (5, 7, 1)


def test_the_coder_of_rar_keeps_where_its_range_begins() -> None:
    coder = CoderOfRar(at_random(b"\x80" + bytes(20)))
    assert coder.threshold(4) == 2
    coder.take(2, 1)
    assert coder.threshold(4) == 0
    coder.take(0, 4)
    assert coder.bit(100) is False
    ones = CoderOfRar(at_random(b"\xff" * 20))
    assert ones.bit(100) is True


def test_a_range_too_small_for_what_is_in_it_is_damage() -> None:
    coder = CoderOfRar(at_random(b"\x80" + bytes(20)))
    with pytest.raises(Malformed):
        coder.threshold(1 << 33)
