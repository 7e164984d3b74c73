"""Behaviour of the code that adapts: what an encoder writes comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.formats.lz.lzhuf import DISTANCES, MOST_FREQUENT, Tree, expand

Step = int | tuple[int, int]  # a byte, or distance and length


def packed(steps: list[Step]) -> bytes:
    tree, bits = Tree(), []
    for step in steps:
        symbol = step if isinstance(step, int) else step[1] + 253
        bits += tree.word(symbol)
        tree.learn(symbol)
        if not isinstance(step, int):
            high, low = divmod(step[0] - 1, 64)
            ahead = next(n for n, (value, _) in enumerate(DISTANCES) if value == high)
            length = DISTANCES[ahead][1]
            bits += [ahead >> (7 - n) & 1 for n in range(length)]
            bits += [low >> (5 - n) & 1 for n in range(6)]
    bits += [0] * (-len(bits) % 8)
    return bytes(
        int("".join(map(str, bits[n : n + 8])), 2) for n in range(0, len(bits), 8)
    )


def plain(steps: list[Step]) -> bytes:
    out = bytearray(b" " * 4096)
    for step in steps:
        if isinstance(step, int):
            out.append(step)
        else:
            for _ in range(step[1]):
                out.append(out[-step[0]])
    return bytes(out[4096:])


STEPS = st.lists(
    st.integers(0, 255) | st.tuples(st.integers(1, 4096), st.integers(3, 60)),
    max_size=200,
)


@settings(deadline=None)
@given(STEPS)
def test_bytes_and_matches_come_back(steps: list[Step]) -> None:
    content = plain(steps)
    found = b"".join(expand(Reader.of(packed(steps)), "lha", len(content)))
    assert found == content


def test_frequencies_are_halved_where_the_encoder_halves_them() -> None:
    steps: list[Step] = [n * n % 251 % 40 for n in range(MOST_FREQUENT + 500)]
    content = plain(steps)
    assert b"".join(expand(Reader.of(packed(steps)), "lha", len(content))) == content


def test_there_are_words_for_all_distances() -> None:
    assert len(DISTANCES) == 256
    assert {value for value, _ in DISTANCES} == set(range(64))


def test_what_comes_before_the_end_of_the_stream_is_given() -> None:
    stream = packed([*b"some text and more of it"])
    chunks = expand(Reader.of(stream[:12]), "lha", 24)
    assert b"some te" in next(chunks)
    with pytest.raises(Truncated):
        next(chunks)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_output_or_an_error(data: bytes) -> None:
    found = b""
    try:
        for chunk in expand(Reader.of(data), "lha", 999):
            found += chunk
    except Malformed:
        return
    assert len(found) == 999
