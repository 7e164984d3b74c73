"""Behaviour of zip's methods before deflate, and of how a member gets one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installshield import dcl_plain

from clearward.core.errors import Malformed
from clearward.core.reader import CHUNK, Reader
from clearward.formats.zip.chosen import KNOWN, LIBRARY_IMPLODE, OLD, SIZED, chosen
from clearward.formats.zip.methods import METHODS
from clearward.formats.zip.old import buffered, implode, reduce, shrink
from clearward.formats.zip.old.buffered import Buffered


class Bits:
    """Bits that are written low ones first."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, count: int) -> None:
        self.text = f"{value:0{count}b}" + self.text

    def data(self) -> bytes:
        count = -(-len(self.text) // 8)
        return int(self.text or "0", 2).to_bytes(count, "little")


def shrunk(data: bytes, *, forget: int = 0) -> bytes:
    """Pack with codes of 9 bits, forgetting strings after every so many codes."""
    bits = Bits()
    known = {bytes((byte,)): byte for byte in range(256)}
    free = 257
    place = written = 0
    while place < len(data):
        size = 1
        while data[place : place + size + 1] in known and place + size < len(data):
            size += 1
        bits.put(known[data[place : place + size]], 9)
        written += 1
        if free < 512 and place + size < len(data):
            known[data[place : place + size + 1]] = free
            free += 1
        place += size
        if forget and written == forget:
            bits.put(256, 9)
            bits.put(2, 9)
            known = {string: code for string, code in known.items() if code < 256}
            free = 10**9  # nothing is added any more, but a reader does
    return bits.data()


def expanded(expand: object, data: bytes, *rest: int) -> bytes:
    return b"".join(expand(Reader.of(data), *rest))  # type: ignore[operator]


@given(st.text("ab", max_size=200), st.integers(0, 9))
def test_what_is_shrunk_comes_back(text: str, forget: int) -> None:
    data = text.encode()
    packed = shrunk(data, forget=forget)
    assert expanded(shrink.expand, packed, len(data)) == data


def test_shrink_takes_longer_codes_when_told() -> None:
    bits = Bits()
    for code, width in ((97, 9), (256, 9), (1, 9), (98, 10), (257, 10)):
        bits.put(code, width)
    assert expanded(shrink.expand, bits.data(), 4) == b"abab"


@pytest.mark.parametrize("codes", [(300,), (256, 3)])
def test_codes_of_shrink_that_mean_nothing_are_malformed(codes: tuple[int]) -> None:
    bits = Bits()
    for code in codes:
        bits.put(code, 9)
    with pytest.raises(Malformed):
        expanded(shrink.expand, bits.data(), 4)


def test_forgetting_again_and_again_is_quick() -> None:
    bits = Bits()
    bits.put(97, 9)
    one = Bits()
    one.put(256, 9)
    one.put(2, 9)
    text = one.text * 100_000 + bits.text
    data = int(text, 2).to_bytes(-(-len(text) // 8), "little")
    with pytest.raises(Malformed):
        expanded(shrink.expand, data, 9)


def test_reduced_bytes_and_matches_come_back() -> None:
    bits = Bits()
    for byte in range(255, -1, -1):
        bits.put(2 if byte == 97 else 0, 6)
        for follower in b"bc" if byte == 97 else b"":
            bits.put(follower, 8)
    bits.put(97, 8)
    bits.put(0, 1)
    bits.put(1, 1)  # the second that follows "a"
    bits.put(0x90, 8)
    bits.put(0, 8)  # the escape itself
    bits.put(0x90, 8)
    bits.put(2, 8)
    bits.put(2, 8)  # a match of five, three bytes back
    for method in (2, 3, 4, 5):
        data = expanded(reduce.expand, bits.data(), 8, method)
        assert data == b"ac\x90ac\x90ac"


@pytest.mark.parametrize(("flags", "least", "low"), [(0, 2, 6), (2, 2, 7), (6, 3, 7)])
def test_imploded_bytes_and_matches_come_back(flags: int, least: int, low: int) -> None:
    bits = Bits()
    for code in ([0xF7] * 16,) * bool(flags & 4) + ([0xF5] * 4,) * 2:
        bits.put(len(code) - 1, 8)
        for each in code:
            bits.put(each, 8)

    def word(symbol: int, width: int) -> None:
        bits.put(int(f"{(1 << width) - 1 - symbol:0{width}b}"[::-1], 2), width)

    for byte in b"abc":
        bits.put(1, 1)
        if flags & 4:
            word(byte, 8)
        else:
            bits.put(byte, 8)
    bits.put(0, 1)
    bits.put(2, low)
    word(0, 6)
    word(4, 6)
    wanted = (b"abc" * 9)[: 3 + 4 + least]
    bits.put(0, 1)
    bits.put(0, low)
    word(0, 6)
    word(63, 6)
    bits.put(9, 8)
    wanted += wanted[-1:] * (63 + 9 + least)
    assert expanded(implode.expand, bits.data(), len(wanted), flags) == wanted


@given(st.sampled_from(sorted(SIZED)), st.binary(max_size=400), st.sampled_from([0, 6]))
def test_arbitrary_bytes_give_no_more_than_the_size(
    method: int, data: bytes, flags: int
) -> None:
    stream = chosen(method, flags).make(b"", 1000)
    assert stream.needs_input
    size = 0
    with suppress(EOFError, MemoryError):
        assert not data or stream.decompress(data, 9) == b""
        while not stream.eof:
            size += len(stream.decompress(b"", 300))
    assert size <= 1000


@given(st.binary(max_size=400))
def test_every_decoder_takes_arbitrary_bytes(data: bytes) -> None:
    for expand in (shrink.expand,):
        with suppress(Malformed):
            expanded(expand, data, 10_000)
    for number in (2, 3, 4, 5):
        with suppress(Malformed):
            expanded(reduce.expand, data + bytes(300), 10_000, number)
    for flags in (0, 2, 4, 6):
        with suppress(Malformed):
            expanded(implode.expand, b"\x03" + b"\xf5" * 4 + data, 10_000, flags)


def test_what_stands_before_damage_is_given_before_the_error() -> None:
    packed = shrunk(b"abcdefgh" * 9)
    stream = chosen(1, 0).make(b"", 1000)
    stream.decompress(packed, CHUNK)
    assert stream.decompress(b"", CHUNK) == b"abcdefgh" * 9
    with pytest.raises(EOFError):
        stream.decompress(b"", CHUNK)


def test_more_input_than_is_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffered, "MOST_PACKED", 10)
    with pytest.raises(MemoryError):
        Buffered(shrink.expand, 5).decompress(bytes(11), 9)


def test_a_stream_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError):
        chosen(6, 0).make(b"", None)


@given(st.binary(min_size=1, max_size=200))
def test_what_the_library_of_pkware_packed_comes_back(data: bytes) -> None:
    stream = chosen(LIBRARY_IMPLODE, 0).make(b"", len(data))
    stream.decompress(dcl_plain(data), CHUNK)
    assert stream.decompress(b"", CHUNK) == data
    assert stream.eof


def test_newer_methods_are_as_they_are_listed() -> None:
    assert all(chosen(number, 0) is METHODS[number] for number in METHODS)
    assert KNOWN >= SIZED >= OLD
