"""Signatures on a part in windows: the reference waits for all of it."""

import pytest
from support import image
from support.following import follow
from support.image import Sig
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.image import Image
from clearward.native.layout import State
from clearward.native.reference import Matcher

DATA = b"some hello world"


def made(*texts: str) -> Matcher:
    return Matcher(Image(image.image(*[Sig([body(text)]) for text in texts])))


@pytest.mark.parametrize("end", range(len(DATA) + 2))
def test_a_pattern_across_a_border_is_found(end: int) -> None:
    matcher = made(b"hello".hex(), b"world".hex(), b"other".hex())
    found = follow(matcher, DATA, Facts(len(DATA)), [0, 1, 2], [end])
    assert found == {0: State.MATCHES, 1: State.MATCHES}
    late = follow(matcher, DATA, Facts(len(DATA)), [0, 1, 2], [end], sized=False)
    assert late == found


def test_an_empty_part_has_one_window() -> None:
    follower = made("6162").follow([0], Facts(0))
    assert follower.left == follower.taken == 1
    assert follower.feed(b"", 0, last=True) == []
    assert follower.left == 0


@pytest.mark.parametrize(
    ("data", "base", "last"),
    [
        pytest.param(b"abcd", 1, False, id="a gap"),
        pytest.param(b"abcd", 0, True, id="the last too early"),
        pytest.param(b"abcdefgh", 0, False, id="no last one"),
        pytest.param(b"abcdefghi", 0, True, id="beyond the end"),
    ],
)
def test_a_window_has_to_follow_the_one_before(
    data: bytes, base: int, *, last: bool
) -> None:
    follower = made("6162").follow([0], Facts(8))
    with pytest.raises(ValueError, match="follow"):
        follower.feed(data, base, last=last)


def test_nothing_follows_the_last_window() -> None:
    follower = made("6162").follow([0], Facts(2))
    assert follower.feed(b"ab", 0, last=True) == [(0, State.MATCHES)]
    with pytest.raises(ValueError, match="follow"):
        follower.feed(b"ab", 0, last=True)
