"""The compiled follower says of a part in windows what the reference says of all."""

from dataclasses import replace
from itertools import chain

import pytest
from native.test_native import STEPS, TYPES, Maker
from support import image
from support.following import follow
from support.image import Sig
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.image import Image
from clearward.native.layout import Condition, State, Where
from clearward.native.reference import Matcher as Reference

compiled = pytest.importorskip(
    "clearward.native.compiled", reason="the compiled matcher is not built"
)


def loaded(made: bytes, steps: int = STEPS) -> Reference:
    matcher: Reference = compiled.Matcher(compiled.CheckedImage(made), steps)
    return matcher


def differences(seed: int, *, zeros: int = 0, sized: bool = True) -> tuple[int, int]:
    """Look at a random part in windows; how much is agreed on, and how much open."""
    maker = Maker(seed)
    signatures = maker.some(maker.signature, 3, 1)
    made = image.image(*signatures, more=TYPES)
    matcher, reference = loaded(made), Reference(Image(made), STEPS)
    data = maker.part(40) + bytes(zeros) + maker.part(40) + bytes(zeros)
    facts = replace(maker.facts(len(data)), size=len(data))
    indices = range(len(signatures))
    expected = {one: reference.verify(one, data, facts) for one in indices}
    agreed = scattered = 0
    for step in (1, maker.upto(90, 2)):
        ends = range(maker.upto(3), len(data), step)
        found = follow(matcher, data, facts, indices, ends, sized=sized)
        for one in indices:
            if found.get(one) is State.SCATTERED:
                scattered += 1
                continue
            assert found.get(one) == expected[one], f"seed {seed}, windows of {step}"
            agreed += expected[one] is not None
    return agreed, scattered


@pytest.mark.parametrize("hundred", range(4))
def test_windows_end_anywhere_and_change_nothing(hundred: int) -> None:
    counts = [differences(seed) for seed in range(hundred * 100, hundred * 100 + 100)]
    assert sum(agreed for agreed, _ in counts) > 50
    assert sum(scattered for _, scattered in counts) < 50


def test_runs_of_zeros_change_nothing() -> None:
    counts = [differences(seed, zeros=150) for seed in range(1000, 1100)]
    assert sum(agreed for agreed, _ in counts) > 50


def test_a_size_that_is_known_late_changes_little() -> None:
    counts = [differences(seed, sized=False) for seed in range(2000, 2200)]
    agreed = sum(agreed for agreed, _ in counts)
    assert sum(scattered for _, scattered in counts) < agreed


def state(text: str, data: bytes, ends: range, at: bytes | None = None) -> State | None:
    made = image.image(Sig([body(text, at or image.place())]))
    return follow(loaded(made), data, Facts(len(data)), [0], ends).get(0)


@pytest.mark.parametrize(
    "text",
    [
        "6162*6364",
        "6162{3-5}6364",
        "6162{-300}6364{10}6566",
        "!(61|62)63(6465|66)",
        "61??63*(64|6566|67)68",
        "0000{100-}6162",
    ],
)
def test_gaps_may_be_longer_than_a_window(text: str) -> None:
    data = bytes(200) + b"ab" + bytes(4) + b"cd" + bytes(10) + b"ef" + b"zcdeabch" * 3
    made = image.image(Sig([body(text)]))
    expected = loaded(made).verify(0, data, Facts(len(data)))
    for step in range(1, 150):
        assert state(text, data, range(step, len(data), step)) == expected


@pytest.mark.parametrize("where", [Where.START, Where.END])
def test_places_that_no_window_reached_yet_are_waited_for(where: Where) -> None:
    data = bytes(300) + b"hello" + bytes(300)
    at = image.place(where, 300 if where is Where.START else 305)
    for ends in (range(0), range(1, 605), range(100, 605, 100)):
        assert state(b"hello".hex(), data, ends, at) is State.MATCHES
        assert state(b"hullo".hex(), data, ends, at) is None


def test_what_waits_for_a_far_piece_is_bounded() -> None:
    data = b"ab." * 3000 + b"cd"
    text = "6162{8990}6364"
    assert state(text, data, range(0)) is None
    assert state(text, data, range(200, len(data), 200)) is State.OUT_OF_STEPS


def test_steps_are_those_for_all_of_a_part() -> None:
    made = image.image(Sig([body("(61|6161)(61|6161)62", keyed=False)]))
    data = b"a" * 3000
    ends = range(500, 3000, 100)
    for steps, expected in [(1000, State.OUT_OF_STEPS), (100_000, None)]:
        matcher = loaded(made, steps)
        found = follow(matcher, data, Facts(len(data)), [0], ends)
        assert found.get(0) is expected


def test_what_is_decided_is_said_at_once() -> None:
    made = image.image(
        Sig([body("6162")]), Sig([body("6364", image.place(Where.START))])
    )
    follower = loaded(made).follow([0, 1], Facts(1000))
    assert follower.left == 2
    assert follower.feed(b"ab" + bytes(500), 0, last=False) == [(0, State.MATCHES)]
    assert follower.left == 0


def test_zeros_take_no_steps() -> None:
    size = 1 << 20
    made = image.image(Sig([body("(61|62)63", keyed=False)]))
    follower = loaded(made, 10_000).follow([0], Facts(64 * size + 2))
    base = 0
    for end in range(size, 64 * size, size):
        assert follower.feed(bytes(end - base), base, last=False) == []
        base = end - follower.margin
    data = bytes(64 * size - base) + b"bc"
    assert follower.feed(data, base, last=True) == [(0, State.MATCHES)]


def test_signatures_for_which_there_is_no_room_are_left_for_another_time() -> None:
    long = "*".join(["6162"] * 1000)
    signatures = [Sig([body(long)]) for _ in range(20)]
    matcher = loaded(image.image(*signatures))
    data = b"ab." * 999 + b".ab"
    follower = matcher.follow(range(20), Facts(len(data)))
    assert 0 < follower.taken < 20
    found = follow(matcher, data, Facts(len(data)), range(20), range(500, 3000, 500))
    assert found == dict.fromkeys(range(20), State.MATCHES)


def test_a_piece_that_is_too_long_is_not_watched() -> None:
    many = [image.skip(65535)] * 17
    long = image.body([image.piece(image.plain(b"ab"), *many)])
    follower = loaded(image.image(Sig([long]))).follow([0], Facts(0))
    assert follower.feed(b"", 0, last=True) == [(0, State.SCATTERED)]


@pytest.mark.parametrize(
    ("data", "base", "last"),
    [
        pytest.param(bytes(200), 101, False, id="a gap"),
        pytest.param(bytes(200), 0, True, id="the last too early"),
        pytest.param(bytes(400), 0, False, id="no last one"),
        pytest.param(bytes(401), 0, True, id="beyond the end"),
        pytest.param(b"", 2**64 - 1, False, id="far beyond the end"),
    ],
)
def test_a_window_has_to_follow_the_one_before(
    data: bytes, base: int, *, last: bool
) -> None:
    follower = loaded(image.image(Sig([body("6162")]))).follow([0], Facts(400))
    follower.feed(bytes(100 + follower.margin), 0, last=False)
    with pytest.raises(ValueError, match="follow"):
        follower.feed(data, base, last=last)


def test_a_shorter_window_changes_nothing() -> None:
    data = bytes(500) + b"ab"
    follower = loaded(image.image(Sig([body("6162")]))).follow([0], Facts(len(data)))
    for end in (400, 300, 250, 450):
        base = max(end - 400, 0)
        assert follower.feed(data[base:end], base, last=False) == []
    assert follower.feed(data[50:], 50, last=True) == [(0, State.MATCHES)]


def test_what_does_not_exist_is_not_followed() -> None:
    matcher = loaded(image.image(Sig([body("6162")])))
    with pytest.raises(IndexError):
        matcher.follow([1], Facts(2))
    assert list(chain(matcher.follow([], Facts(2)).feed(b"ab", 0, last=True))) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"..hello..mark", State.SCATTERED), (b"..hullo..mark", None)],
)
def test_what_counts_from_an_end_that_is_not_known_is_scattered(
    data: bytes, expected: State | None
) -> None:
    at_end = body(b"mark".hex(), image.place(Where.END, 4))
    subs = [body(b"hello".hex()), at_end]
    matcher = loaded(image.image(Sig(subs, image.both(image.term(0), image.term(1)))))
    facts = Facts(len(data))
    assert follow(matcher, data, facts, [0], [3, 9], sized=False).get(0) is expected
    whole = None if expected is None else State.MATCHES
    assert follow(matcher, data, facts, [0], [3, 9]).get(0) is whole


def test_so_is_what_asks_for_the_size() -> None:
    sized = image.demand(Condition.FILE_SIZE, 1, 100)
    matcher = loaded(image.image(Sig([body("6162")], demands=[sized])))
    for data, expected in [(b"..ab", State.SCATTERED), (b"....", None)]:
        found = follow(matcher, data, Facts(4), [0], [2], sized=False)
        assert found.get(0) is expected
