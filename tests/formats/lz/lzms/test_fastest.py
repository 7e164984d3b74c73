"""Behaviour of the compiled decoder of LZMS: what the one in Python says."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lzms import Item, packed

from clearward.formats.lz.lzms import decoder, fastest

if fastest.chunk is decoder.chunk:
    pytest.skip("not compiled here", allow_module_level=True)


def mixed(number: int, size: int) -> list[Item]:
    """Items of every kind that make `size` bytes, some of them of programs."""
    source = random.Random(number)  # noqa: S311 - the same items every time
    items: list[Item] = [source.choice(b"\0\1\xe8\x48\x8b\5") for _ in range(60)]
    done = len(items)
    while done < size:
        length = source.randint(1, min(size - done, source.choice((3, 40, 3000))))
        ways: list[Item] = [
            (source.randint(1, done), length),
            (str(source.randrange(3)), length),
            (source.randrange(4), source.randint(1, 7), length),
            (None, source.randrange(3), length),
            source.choice(b"\xe8\xff\x15\0"),
        ]
        items.append(source.choice([*ways, ways[-1], ways[-1], ways[-1]]))
        done += 1 if isinstance(items[-1], int) else length
    return items


@pytest.mark.parametrize("number", range(8))
def test_every_kind_of_item_gives_what_the_reference_gives(number: int) -> None:
    size = (200, 3000, 30000)[number % 3]
    data = packed(mixed(number, size), size)
    expected = decoder.chunk(data, size)
    assert fastest.chunk(data, size) == expected
    assert len(expected) > 60


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4), st.integers(0, 3))
def test_damage_gives_what_the_reference_gives(
    place: int, junk: bytes, number: int
) -> None:
    data = packed(mixed(number, 2000), 2000)
    place %= len(data)
    data = data[:place] + junk + data[place + len(junk) :]
    assert fastest.chunk(data, 2000) == decoder.chunk(data, 2000)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200), st.integers(0, 3000))
def test_arbitrary_bytes_give_what_the_reference_gives(data: bytes, size: int) -> None:
    assert fastest.chunk(data, size) == decoder.chunk(data, size)


def test_a_size_that_no_chunk_has_is_refused() -> None:
    for size in (-1, (1 << 30) + 1):
        with pytest.raises(ValueError, match="out of range"):
            fastest.chunk(b"", size)
