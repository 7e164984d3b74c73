"""Behaviour of the LHA reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import heavy
from clearward.formats.lz.lzhuf import Tree
from clearward.formats.unpack import lha


@pytest.fixture(autouse=True)
def _loaded() -> None:
    heavy.load()


def crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def member(name: bytes, content: bytes, method: bytes = b"-lh0-") -> bytes:
    size = len(content).to_bytes(4, "little")
    head = method + size + size + bytes(4) + b"\x20\0" + bytes((len(name),)) + name
    head += crc(content).to_bytes(2, "little")
    return bytes((len(head), sum(head) & 0xFF)) + head + content


def archive(*members: tuple[bytes, bytes]) -> bytes:
    return b"".join(member(*each) for each in members) + b"\0"


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=5))
def test_members_come_back_in_order(contents: list[bytes]) -> None:
    members = [(b"%d.txt" % number, each) for number, each in enumerate(contents)]
    data = archive(*members)
    if members:
        assert named(lha.unpack(Reader.of(data))) == members


def test_a_name_in_a_japanese_character_set_stays_raw() -> None:
    data = archive((b"\x95_.txt", b"content"))
    assert named(lha.unpack(Reader.of(data))) == [(b"\x95_.txt", b"content")]


def test_members_of_the_first_method_are_decoded_between_others() -> None:
    tree, bits = Tree(), ""
    for symbol in b"some text":
        bits += "".join(map(str, tree.word(symbol)))
        tree.learn(symbol)
    packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(
        -(-len(bits) // 8)
    )
    size = len(packed).to_bytes(4, "little") + (9).to_bytes(4, "little")
    head = (
        b"-lh1-"
        + size
        + bytes(4)
        + b"\x20\0\1b"
        + crc(b"some text").to_bytes(2, "little")
    )
    middle = bytes((len(head), sum(head) & 0xFF)) + head + packed
    data = member(b"a", b"first") + middle + archive((b"c", b"third"))
    found = named(lha.unpack(Reader.of(data)))
    assert found == [(b"a", b"first"), (b"b", b"some text"), (b"c", b"third")]
    assert collect(lha.unpack(Reader.of(data[:-30])))[0][:1] == [b"first"]


def test_an_unknown_method_is_said_and_the_next_member_is_read() -> None:
    data = member(b"a", b"secret", b"-lh2-") + archive((b"b", b"second"))
    parts: list[bytes] = []
    reasons: list[Reason] = []
    for item in lha.unpack(Reader.of(data)):
        try:
            parts += contents([item])
        except Malformed as error:
            reasons.append(error.reason)
    assert (parts, reasons) == ([b"second"], [Reason.UNSUPPORTED])


def test_a_member_that_is_cut_short_is_damage() -> None:
    data = archive((b"a", b"first"), (b"b", b"second"))[:-4]
    with pytest.raises(Malformed):
        contents(lha.unpack(Reader.of(data)))


@settings(max_examples=60)
@given(st.data())
def test_damage_anywhere_gives_parts_or_an_error(draw: st.DataObject) -> None:
    data = bytearray(archive((b"a", b"first"), (b"b", b"second")))
    place = draw.draw(st.integers(0, len(data) - 1))
    data[place] ^= draw.draw(st.integers(1, 255))
    collect(lha.unpack(Reader.of(bytes(data))))


@settings(max_examples=60)
@given(st.binary(max_size=100), st.sampled_from([b"-lh5-", b"-lh1-", b"-lzs-"]))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes, method: bytes) -> None:
    data = b"\x20\x20" + method + data
    try:
        contents(lha.unpack(Reader.of(data)))
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
