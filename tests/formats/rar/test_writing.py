"""Behaviour of trying one password after the other."""

from typing_extensions import override

from clearward.core.reader import Reader
from clearward.formats.rar.keys import Maker
from clearward.formats.rar.writing import Writing, first_right

ARCHIVE = b"frontdatadata"


class Guess(Writing):
    @override
    def write(self) -> bool:
        self.joined.add(self._content(0, 4))
        self.joined.add(self._content(0, 99))
        self.joined.add(self._content(9, 99))
        return self._password == b"right"


def attempts(*words: bytes) -> list[Guess]:
    return [Guess(Reader.of(ARCHIVE), word, Maker(), 5) for word in words]


def test_the_first_right_word_opens_and_what_is_not_there_is_left_out() -> None:
    found = first_right(attempts(b"wrong", b"right", b"other"))
    assert found is not None
    assert found.at(0, 99) == ARCHIVE


def test_no_word_opens_it() -> None:
    assert first_right(attempts(b"wrong", b"other")) is None
