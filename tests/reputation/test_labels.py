"""Labels come back as they were, and nothing else is taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.reputation.labels import (
    MOST_BYTES,
    MOST_CHARACTERS,
    Label,
    decode,
    encode,
    plain,
)

TEXT = st.binary(max_size=12).map(plain)
LABELS = st.sets(st.builds(Label, TEXT, TEXT)).map(sorted)


@given(LABELS)
def test_labels_come_back(labels: list[Label]) -> None:
    assert decode(encode(labels)) == tuple(labels)


@given(st.binary())
def test_a_name_is_one_line_without_tabs(text: bytes) -> None:
    name = plain(text)
    assert len(name) <= MOST_CHARACTERS
    assert not set(name) & set("\t\n\r\x1c\x85\u2028")
    assert name == " ".join(name.split())


def test_no_line_is_longer_than_said() -> None:
    longest = plain("\U0001f600".encode() * 999)
    assert len(encode([Label(longest, longest)])) == MOST_BYTES


@given(st.binary(max_size=60) | LABELS.map(encode))
def test_what_is_read_has_no_other_spelling(data: bytes) -> None:
    try:
        labels = decode(data)
    except Malformed as error:
        assert 0 <= error.offset <= len(data)
    else:
        assert encode(labels) == data


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"a\tb", "end"),
        (b"a\n", "line"),
        (b"a\tb\tc\n", "line"),
        (b"a\tb  c\n", "line"),
        (b"b\t\na\t\n", "order"),
        (b"a\t\na\t\n", "order"),
        (b"\xff\t\n", "text"),
    ],
)
def test_damage_is_told(data: bytes, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode(data)
    assert caught.value.field == field
