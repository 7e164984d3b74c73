"""Behaviour of the decoders of NRV, in Python and compiled."""

import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.nrv import Writer, match, packed

from clearward.core.errors import Malformed, Truncated
from clearward.formats.lz import fastest_nrv, nrv
from clearward.formats.lz.nrv import Variant

NOISE = b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(1200))
TEXT = b"".join(b"the %d of %d and the %d, " % (n, n * n, n % 7) for n in range(300))
MIXED = NOISE + TEXT + bytes(5000) + NOISE + TEXT[100:900]
LETTERS, UNITS = "bde", (1, 2, 4)
VARIANTS = [Variant(letter, unit) for letter in LETTERS for unit in UNITS]
Expand = Callable[[bytes, Variant, int], Iterator[bytes]]
DECODERS = [pytest.param(nrv.expand, id="python")]
if fastest_nrv.COMPILED is not None:
    DECODERS.append(pytest.param(fastest_nrv.expand, id="compiled"))


def outcome(expand: Expand, data: bytes, variant: Variant, size: int) -> object:
    output = b""
    try:
        for piece in expand(data, variant, size):
            output += piece
    except Malformed as error:
        return output, type(error), error.offset
    return output


@pytest.mark.parametrize("expand", DECODERS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda it: f"{it.letter}{it.unit}")
@pytest.mark.parametrize("data", [b"", b"a", NOISE[:300], TEXT, MIXED])
def test_content_comes_back(expand: Expand, variant: Variant, data: bytes) -> None:
    stream = packed(data, variant.letter, variant.unit)
    assert outcome(expand, stream, variant, len(data)) == data


@pytest.mark.parametrize("expand", DECODERS)
@pytest.mark.parametrize("letter", LETTERS)
def test_a_stream_that_is_cut_short_gives_what_stands_before(
    expand: Expand, letter: str
) -> None:
    variant = Variant(letter, 4)
    stream = packed(TEXT, letter, 4)
    result = outcome(expand, stream[:1000], variant, len(TEXT))
    assert isinstance(result, tuple)
    output, kind, offset = result
    assert kind is Truncated
    assert offset <= 1000
    assert len(output) > 500
    assert TEXT.startswith(output)


@pytest.mark.parametrize("expand", DECODERS)
@pytest.mark.parametrize("more", [-1, 1])
def test_a_size_that_is_not_that_of_the_content_is_damage(
    expand: Expand, more: int
) -> None:
    result = outcome(expand, packed(TEXT, "e", 1), VARIANTS[6], len(TEXT) + more)
    assert isinstance(result, tuple)
    assert result[1] is Malformed
    assert TEXT.startswith(result[0])


@pytest.mark.parametrize("expand", DECODERS)
@pytest.mark.parametrize("letter", LETTERS)
def test_a_match_from_before_the_start_is_damage(expand: Expand, letter: str) -> None:
    writer = Writer(1)
    writer.bit(1)
    writer.data.append(65)
    match(writer, letter, (2, 5), 1)
    result = outcome(expand, bytes(writer.data), Variant(letter, 1), 100)
    assert isinstance(result, tuple)
    assert result[:2] == (b"A", Malformed)


@pytest.mark.parametrize("expand", DECODERS)
@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("junk", [b"\x00", b"\x55", b"\xaa"])
def test_a_number_without_end_is_damage(
    expand: Expand, letter: str, junk: bytes
) -> None:
    result = outcome(expand, junk * 1000, Variant(letter, 1), 1 << 30)
    assert isinstance(result, tuple)
    assert result[1] is Malformed or letter != "b"
    assert result[2] < 1001


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=2000), st.sampled_from(VARIANTS))
def test_any_content_comes_back(data: bytes, variant: Variant) -> None:
    stream = packed(data * 3, variant.letter, variant.unit)
    assert outcome(nrv.expand, stream, variant, 3 * len(data)) == data * 3


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=120), st.sampled_from(VARIANTS), st.integers(0, 5000))
def test_arbitrary_bytes_give_what_the_reference_gives(
    data: bytes, variant: Variant, size: int
) -> None:
    expected = outcome(nrv.expand, data, variant, size)
    assert outcome(fastest_nrv.expand, data, variant, size) == expected


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 3000),
    st.binary(min_size=1, max_size=4),
    st.sampled_from(VARIANTS),
)
def test_damage_is_met_where_the_reference_meets_it(
    place: int, junk: bytes, variant: Variant
) -> None:
    stream = packed(TEXT, variant.letter, variant.unit)
    place %= len(stream)
    stream = stream[:place] + junk + stream[place + len(junk) :]
    expected = outcome(nrv.expand, stream, variant, len(TEXT))
    assert outcome(fastest_nrv.expand, stream, variant, len(TEXT)) == expected


def test_other_variants_are_refused() -> None:
    if fastest_nrv.COMPILED is None:
        pytest.skip("not compiled here")
    for letter, unit, size in (("c", 1, 1), ("b", 3, 1), ("b", 1, -1), ("f", 1, 1)):
        with pytest.raises(ValueError, match="variant"):
            fastest_nrv.COMPILED(b"", letter, unit, size)
