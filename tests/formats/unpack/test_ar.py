"""Behaviour of the ar reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import at_random, contents, named, passing_by

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Forward
from clearward.formats.unpack import ar

WAYS = pytest.mark.parametrize("way", [at_random, passing_by])


def member(content: bytes, name: bytes = b"a/") -> bytes:
    header = name.ljust(48) + str(len(content)).encode().ljust(10) + ar.END_MARK
    return header + content + b"\n" * (len(content) % 2)


def archive(*members: bytes) -> bytes:
    return ar.MAGIC + b"".join(map(member, members))


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 70))
def test_members_come_back_in_order(members: list[bytes], piece: int) -> None:
    data = archive(*members)
    assert contents(ar.unpack(at_random(data))) == members
    assert contents(ar.unpack(passing_by(data, piece))) == members


def test_a_member_keeps_its_name() -> None:
    data = ar.MAGIC + member(b"2.0\n", b"debian-binary")
    assert named(ar.unpack(at_random(data))) == [(b"debian-binary", b"2.0\n")]


@pytest.mark.parametrize(
    ("damage", "field", "kind"),
    [
        pytest.param((66, b"xx"), "end mark", Malformed, id="wrong end mark"),
        pytest.param((56, b"-5"), "size", Malformed, id="negative size"),
        pytest.param(
            (56, b"999"), "size beyond the archive", Truncated, id="size too big"
        ),
    ],
)
@WAYS
def test_damage_is_reported(
    damage: tuple[int, bytes], field: str, kind: type[Malformed], way: type[Forward]
) -> None:
    offset, wrong = damage
    data = bytearray(archive(b"content"))
    data[offset : offset + len(wrong)] = wrong
    with pytest.raises(kind) as caught:
        contents(ar.unpack(way(bytes(data))))  # type: ignore[call-arg]
    assert caught.value.field == field


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_no_longer_than_the_input_or_an_error(
    data: bytes,
) -> None:
    data = ar.MAGIC + data
    try:
        assert sum(map(len, contents(ar.unpack(at_random(data))))) <= len(data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
