"""Behaviour of several sets of YARA rules: as if they were one."""

import pytest

from clearward.rules.source import Source
from clearward.rules.yara import Hit, YaraRules, compile_yara
from clearward.rules.yara_joined import joined

MARK = b"PK\x03\x04"


def rules(name: str, first: int, *, marks: tuple[bytes, ...] = (MARK,)) -> YaraRules:
    text = f'rule {name} {{ strings: $a = "{name}" condition: $a }}'
    source = Source(0, "a.yar", "yara", "local", text.encode())
    made, _ = compile_yara([source], first, marks=marks)
    assert made is not None
    return made


def test_both_are_asked() -> None:
    both = joined([rules("one", 3), rules("two", 8)])
    assert both is not None
    assert [name.name for name in both.names] == ["one", "two"]
    assert both.match(b"two one") == [3, 8]
    assert list(both.explain(b"two one")) == [Hit(3, 4, 3, 0), Hit(8, 0, 3, 0)]
    assert dict(both.match_window(b"two")) == {8: [Hit(8, 0, 3, 0)]}
    assert set(both.decisions) == {3, 8}
    assert both.needs_whole == rules("one", 3).needs_whole


@pytest.mark.parametrize(
    ("data", "second", "expected"),
    [
        (b"-", (MARK,), False),
        (MARK, (MARK,), True),
        (b"-", (), False),
        (MARK, (), True),
    ],
)
def test_one_that_looks_for_marks_is_enough(
    data: bytes, second: tuple[bytes, ...], *, expected: bool
) -> None:
    both = joined([rules("one", 0), rules("two", 1, marks=second)])
    assert both is not None
    assert both.look(data)[1] is expected


def test_none_has_looked_for_marks_if_none_could() -> None:
    both = joined([rules("one", 0), rules("two", 1)])
    assert both is not None
    both.look_for_no_marks()
    assert both.look(b"-")[1]


def test_one_set_is_itself_and_none_is_none() -> None:
    one = rules("one", 0)
    assert joined([one]) is one
    assert joined([]) is None
