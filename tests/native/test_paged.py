"""A part that is read page by page looks like its bytes."""

import random

import pytest
from native.test_native import STEPS, TYPES, Maker
from support import image

from clearward.native.image import Image
from clearward.native.paged import KEPT, Paged
from clearward.native.reference import Matcher

DATA = b"some bytes, some more\0\0 and the last" * 3


def paged(data: bytes, page: int) -> Paged:
    return Paged(lambda offset, size: data[offset : offset + size], len(data), page)


@pytest.mark.parametrize("page", [1, 2, 7, 64, 1000])
def test_it_is_cut_and_searched_like_bytes(page: int) -> None:
    part = paged(DATA, page)
    chosen = random.Random(page)  # noqa: S311 - not secret
    assert len(part) == len(DATA)
    for _ in range(300):
        start, end = chosen.randrange(len(DATA) + 3), chosen.randrange(len(DATA) + 9)
        assert part[start:end] == DATA[start:end]
        key = DATA[start : start + chosen.randrange(1, 9)] or b"other"
        assert part.find(key, start % 20, end) == DATA.find(key, start % 20, end)
        assert part.startswith(key, start) == DATA.startswith(key, start)
        assert part.startswith((b"some", key), end) == DATA.startswith(
            (b"some", key), end
        )
        place = start % len(DATA)
        assert part[place] == DATA[place]
    assert not part.changed


def test_few_pages_are_kept() -> None:
    asked: list[int] = []

    def read(offset: int, size: int) -> bytes:
        asked.append(offset)
        return bytes(size)

    part = Paged(read, 100, 10)
    for _ in range(2):
        for place in range(0, KEPT * 10, 10):
            assert part[place] == 0
    assert asked == list(range(0, KEPT * 10, 10))
    assert part[95] == 0
    assert part[0] == 0
    assert asked[KEPT:] == [90, 0]


def test_missing_bytes_are_zeros_and_are_told() -> None:
    part = Paged(lambda offset, size: b"abc"[offset : offset + size], 10, 4)
    assert part[0:2] == b"ab"
    assert part[0:10] == b"abc" + bytes(7)
    assert part.changed


def test_signatures_say_of_pages_what_they_say_of_the_whole() -> None:
    said = 0
    for seed in range(60):
        maker = Maker(seed)
        signatures = maker.some(maker.signature, 3, 1)
        matcher = Matcher(Image(image.image(*signatures, more=TYPES)), STEPS)
        data = maker.part()
        facts = maker.facts(len(data))
        for index in range(len(signatures)):
            expected = matcher.verify(index, data, facts)
            for page in (3, 50):
                part = paged(data, page)
                assert matcher.verify_paged(index, part, facts) == expected
            said += expected is not None
    assert said > 20
