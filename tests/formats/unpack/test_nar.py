"""Behaviour of the reader of Nix archives."""

from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, named

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.formats.unpack import nar


def words(*each: bytes) -> bytes:
    return b"".join(
        len(one).to_bytes(8, "little") + one + bytes(-len(one) % 8) for one in each
    )


def file(data: bytes) -> bytes:
    return words(b"(", b"type", b"regular", b"contents", data, b")")


def entry(name: bytes, node: bytes) -> bytes:
    return words(b"entry", b"(", b"name", name, b"node") + node + words(b")")


START = words(nar.MAGIC, b"(", b"type", b"directory")


def test_files_of_a_tree_come_back() -> None:
    link = words(b"(", b"type", b"symlink", b"target", b"contents", b")")
    inner = words(b"(", b"type", b"directory") + entry(b"b", file(b"2")) + words(b")")
    data = START + entry(b"a", file(b"one")) + entry(b"contents", link)
    data += entry(b"d", inner) + words(b")")
    assert named(nar.unpack(Reader.of(data))) == [(b"a", b"one"), (b"b", b"2")]


def test_damage_is_reported() -> None:
    data = START + entry(b"a", file(b"content"))

    def field(data: bytes) -> str:
        return collect(nar.unpack(Reader.of(data)))[2]

    assert field(data + words(b"other")) == "word"
    assert field(data + words(b"o" * 5000)) == "size of a word"
    assert field(START + entry(b"a", file(bytes(999)))[:600]) == "content"
    assert field(data[:-3]) == "word"
    assert field(data + b"123") == "size"


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for each in (START + data, START + words(b"contents") + data):
        try:
            contents(nar.unpack(Reader.of(each)))
        except Malformed as error:
            assert 0 <= error.offset <= len(each)
