"""Behaviour of YARA rules in an image: those that were compiled, or none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.native.errors import BadImage
from clearward.rules.source import Source
from clearward.rules.yara import YaraRules, compile_yara
from clearward.rules.yara_image import listing, load_yara, serialised

MARKS = (b"PK\x03\x04",)
TEXTS = (
    (
        'import "math" private rule p { strings: $a = "abc" condition: $a }\n'
        "rule q { meta: n = 3 condition: p and filesize < 99 }"
    ),
    'rule r { strings: $b = /x[0-9]+y/ $c = "cc" condition: any of them }',
)
IMAGE = Source(7, "a.cwr", "yara", "local", b"")


def compiled(few: int = 500) -> YaraRules:
    sources = [
        Source(number, f"{number}.yar", "yara", "local", text.encode())
        for number, text in enumerate(TEXTS, start=3)
    ]
    rules, problems = compile_yara(sources, 0, marks=MARKS, few=few)
    assert rules is not None
    assert not problems
    return rules


RULES = compiled()
SECTIONS = {number: memoryview(data) for number, data in serialised(RULES).items()}
TOLD = listing(RULES, MARKS, "1")


def load(
    told: bytes = TOLD,
    sections: dict[int, memoryview] | None = None,
    marks: tuple[bytes, ...] = MARKS,
) -> YaraRules:
    return load_yara(
        SECTIONS if sections is None else sections,
        told,
        IMAGE,
        10,
        marks=marks,
        version="1",
        describe=True,
    )


def changed(**fields: object) -> bytes:
    return json.dumps({**json.loads(TOLD), **fields}).encode()


@pytest.mark.parametrize("data", [b"abc", b"x1y cc", b"none", b"PK\x03\x04", b""])
@pytest.mark.parametrize("few", [0, 500])
def test_they_find_what_they_found(data: bytes, few: int) -> None:
    rules = compiled(few)
    sections = {n: memoryview(section) for n, section in serialised(rules).items()}
    again = load(listing(rules, MARKS, "1"), sections)
    numbers, marked = rules.look(data)
    assert again.look(data) == ([number + 10 for number in numbers], marked)
    assert [hit.offset for hit in again.explain(data)] == [
        hit.offset for hit in rules.explain(data)
    ]


def test_they_keep_names_and_decisions() -> None:
    again = load()
    assert [name.name for name in again.names] == ["p", "q", "r"]
    assert again.names[1].meta == (("n", "3"),)
    assert again.names[2].strings == ("$b", "$c")
    assert {name.source for name in again.names} == {7}
    assert again.decisions == {
        number + 10: decision for number, decision in RULES.decisions.items()
    }
    assert again.needs_whole == RULES.needs_whole


def test_other_marks_than_were_looked_for_may_be_anywhere() -> None:
    assert load(marks=(b"other",)).look(b"none") == ([], True)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (changed(yara_x="2"), "another version"),
        (b"no JSON", "no JSON"),
        (b"[" * 99_999, "no JSON"),
        (b"[]", "should be"),
        (changed(names=[["3", ["p", "q"]]]), "should be"),
        (changed(names=[["3", ["p", "q", "z"]], ["4", ["r"]]]), "should be"),
        (changed(names=5), "should be"),
        (changed(decisions="zzz"), "should be"),
        (changed(decisions="a"), "decisions"),
    ],
)
def test_what_does_not_fit_is_refused(told: bytes, words: str) -> None:
    with pytest.raises(BadImage, match=words):
        load(told)


def test_sections_have_to_be_complete() -> None:
    with pytest.raises(BadImage, match="lack a partition"):
        load(sections={1: SECTIONS[0]})


@pytest.mark.parametrize("data", [b"", b"YARA-X", b"YARA-X\0\0\xff\0\0\0"])
def test_what_the_library_refuses_is_refused(data: bytes) -> None:
    with pytest.raises(BadImage, match="cannot be read"):
        load(sections={0: memoryview(data)})


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_anything_told_is_taken_or_refused(value: object) -> None:
    for field in ("names", "decisions", "marks"):
        try:
            load(changed(**{field: value}))
        except BadImage:
            continue
