"""Tests of short keys."""

from support.signatures import body

from clearward.rules.clamav.model import Bytes, Choice, Masked, Skip
from clearward.rules.image.frequencies import Frequencies
from clearward.rules.image.shorts import Shorts

SHORTS = Shorts(Frequencies({b"abcd": 9}))


def test_a_key_is_the_rarest_three_bytes() -> None:
    found = SHORTS.of_body(body(b"abcz"))
    assert found is not None
    assert found.anchors[0].values == b"bcz"


def test_what_is_common_or_repeated_is_no_key() -> None:
    assert SHORTS.of_body(body(b"abc")) is None
    assert SHORTS.of_body(body(b"zzzz")) is None
    assert SHORTS.of_body(body((Bytes(b"q"), Skip(1), Bytes(b"r")))) is None


def test_the_third_byte_may_have_a_mask() -> None:
    found = SHORTS.of_body(body((Bytes(b"qr"), Masked(b"\x50", b"\xf0"))))
    assert found is not None
    assert found.anchors[0].masks == b"\xff\xff\xf0"


def test_alternatives_have_a_key_each() -> None:
    both = Choice(((Bytes(b"qrs"),), (Bytes(b"tuvw"),)))
    found = SHORTS.of_body(body((both,)))
    assert found is not None
    assert len(found.anchors) == 2
