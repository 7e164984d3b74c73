"""Tests of what programs refer to."""

from clearward.rules.image.texts import Texts, Types


def test_types_are_numbered_from_one_as_they_come() -> None:
    types = Types()
    assert [types.number(name) for name in ("ZIP", "", "PE", "ZIP")] == [1, 0, 2, 1]
    assert types.encode() == b"ZIP\nPE\n"
    assert len(types) == 2


def test_equal_texts_stand_once() -> None:
    texts = Texts()
    assert [texts.add(text) for text in ("ab", "é", "ab")] == [(0, 2), (2, 2), (0, 2)]
    assert texts.data == "abé".encode()
    assert len(texts) == 2
