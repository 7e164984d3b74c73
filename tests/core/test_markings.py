"""The list of markings that lint and probe share."""

from clearward.core.markings import MARKINGS


def test_each_marking_stands_there_once() -> None:
    texts = [one.text for one in MARKINGS]
    assert len(texts) == len(set(texts))


def test_there_are_many_in_many_languages() -> None:
    assert sum(not one.weak for one in MARKINGS) >= 100
    assert len({one.language for one in MARKINGS}) >= 30


def test_each_says_where_it_was_read_or_that_it_was_not() -> None:
    for one in MARKINGS:
        assert one.source == "-" or one.source.startswith("http")
        assert one.text == one.text.strip()
