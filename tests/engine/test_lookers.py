"""Behaviour of signatures of several images: all are asked."""

from support.images import image, loaded

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.lookers import Lookers, looker
from clearward.engine.notes import Notes
from clearward.engine.result import Result
from clearward.engine.signatures import Looker

ONE = image({"a.ndb": "One:0:*:6f6e65206f6e65\n"})
TWO = image({"b.ndb": "Two:0:*:74776f2074776f\n"})
DATA = b"one one two two"


def notes() -> tuple[Notes, Result]:
    result = Result()
    made = Notes(result, every=True, record=None)
    made.enter(b"", 0)
    return made, result


def test_one_image_is_asked_by_itself() -> None:
    (one,) = loaded(ONE)
    assert isinstance(looker([one.signatures], notes()[0]), Looker)


def test_all_images_are_asked_about_a_part() -> None:
    made, result = notes()
    asked = looker([one.signatures for one in loaded(ONE, TWO)], made)
    assert isinstance(asked, Lookers)
    reader = Reader.of(DATA)
    assert asked.look(DATA, reader, [], ()) == "CL_TYPE_TEXT_ASCII"
    assert sorted(result.rules) == [0, 1]
    assert not asked.trusts(reader)


def test_all_images_are_asked_about_a_large_part() -> None:
    made, result = notes()
    asked = looker([one.signatures for one in loaded(ONE, TWO)], made)
    asker = asked.passes(Reader.of(DATA), [], ())
    asker.feed(DATA)
    assert not asker.is_trusted()
    asker.look(lambda: None)
    assert sorted(result.rules) == [0, 1]


def test_all_images_are_asked_about_a_stream() -> None:
    made, result = notes()
    asked = looker([one.signatures for one in loaded(ONE, TWO)], made)
    asker = asked.streams(DATA, [], ())
    asker.feed(DATA)
    asker.finish()
    assert 0 in result.rules  # it has no anchor, so it is followed all along
    assert Reason.MEMORY_LIMIT in result.reasons  # the other could begin before
