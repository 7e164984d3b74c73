"""Behaviour of YARA rules in an image: those that were compiled, or none."""

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.native.errors import BadImage
from clearward.rules.source import Source
from clearward.rules.unloaded import Unloaded
from clearward.rules.yara import YaraRules, compile_yara
from clearward.rules.yara_image import listing, load_yara, serialised
from clearward.rules.yara_joined import joined

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


def on_demand(before: int = 0) -> tuple[YaraRules, YaraRules]:
    """Many rules, as they were compiled, and as an image loads them."""
    kept = many()
    sections = {n: memoryview(section) for n, section in serialised(kept).items()}
    assert len(sections) > 2
    told = listing(kept, MARKS, "1")
    loaded = load_yara(
        sections, told, IMAGE, 10, marks=MARKS, version="1", before=before
    )
    return kept, loaded


@cache
def many() -> YaraRules:
    """Rules that are parted: a rare string each, half of them of programs alone."""
    text = "".join(
        f'rule r{number} {{ strings: $a = "rare string {number:03}" '
        f"condition: {'uint16(0) == 0x5a4d and' if number % 2 else ''} $a }}\n"
        for number in range(20)
    )
    source = Source(3, "m.yar", "yara", "local", text.encode())
    rules, problems = compile_yara([source], 0, marks=MARKS, few=5)
    assert rules is not None
    assert not problems
    return rules


def asked(rules: YaraRules, data: bytes) -> tuple[list[int], bool]:
    """Ask rules, and load what they lack; return what they say in the end."""
    while True:
        try:
            return rules.look(data)
        except Unloaded as missing:
            assert rules.load(missing.partition)


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


@pytest.mark.parametrize(
    "data",
    [b"rare string 004", b"MZ rare string 004 rare string 007", b"rare string 007"],
)
def test_what_is_loaded_on_demand_finds_the_same(data: bytes) -> None:
    kept, loaded = on_demand()
    numbers, marked = kept.look(data)
    assert asked(loaded, data) == ([number + 10 for number in numbers], marked)
    assert [hit.offset for hit in loaded.explain(data)] == [
        hit.offset for hit in kept.explain(data)
    ]
    assert [name.name for name in loaded.names] == [name.name for name in kept.names]
    assert [one.strings for one in loaded.names] == [one.strings for one in kept.names]


def test_nothing_is_loaded_that_nothing_asks_for() -> None:
    _, loaded = on_demand()
    assert loaded.look(b"no such string") == ([], False)
    with pytest.raises(Unloaded):
        loaded.look(b"rare string 004")
    with pytest.raises(Unloaded):
        loaded.match_window(b"rare string 004").__next__()


def test_partitions_are_numbered_through_all_images() -> None:
    _, first = on_demand()
    _, second = on_demand(before=9)
    both = joined([first, second])
    assert both is not None
    lacking: set[int] = set()
    for rules in (first, second):
        with pytest.raises(Unloaded) as missing:
            rules.look(b"rare string 004")
        lacking.add(missing.value.partition)
        assert both.load(missing.value.partition)
    assert len(lacking) == 2
    assert max(lacking) > 9
    assert both.match(b"rare string 004")
    assert not both.load(99)
    assert not both.load(8)
    assert not many().load(0)


def test_two_rules_of_one_name_are_refused() -> None:
    sections = {n: memoryview(data) for n, data in serialised(many()).items()}
    told = json.loads(listing(many(), MARKS, "1"))
    told["names"][0][1][1] = told["names"][0][1][0]
    with pytest.raises(BadImage, match="should be"):
        load_yara(
            sections, json.dumps(told).encode(), IMAGE, 0, marks=MARKS, version="1"
        )


def test_a_partition_that_is_none_is_refused_when_it_is_asked_for() -> None:
    sections = {n: memoryview(data) for n, data in serialised(many()).items()}
    sections[1] = memoryview(b"YARA-X")
    told = listing(many(), MARKS, "1")
    rules = load_yara(sections, told, IMAGE, 0, marks=MARKS, version="1")
    with pytest.raises(BadImage, match="cannot be read"):
        rules.load(1)
    with pytest.raises(BadImage, match="cannot be read"):
        load_yara(sections, told, IMAGE, 0, marks=MARKS, version="1", check=True)


def test_a_partition_with_rules_that_nobody_named_is_refused() -> None:
    sections = {n: memoryview(data) for n, data in serialised(many()).items()}
    sections[1] = SECTIONS[0]
    told = listing(many(), MARKS, "1")
    rules = load_yara(sections, told, IMAGE, 0, marks=MARKS, version="1")
    with pytest.raises(BadImage, match=r"nobody named|should be"):
        rules.load(1)


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
        (changed(names=[["3", ["p", "q"]]]), "as many"),
        (changed(names=[["3", ["p", "q"]], ["4", ["z"]]]), "nobody named"),
        (changed(names=[["3", ["p", "q"]], ["5", ["r"]]]), "should be"),
        (changed(strings=[["$a"], [], ["$b", 5]]), "should be"),
        (changed(strings=[["$a"], [], ["$b", "$d"]]), "other strings"),
        (changed(names=5), "should be"),
        (changed(decisions="zzz"), "should be"),
        (changed(decisions="a"), "decisions"),
    ],
)
def test_what_does_not_fit_is_refused(told: bytes, words: str) -> None:
    with pytest.raises(BadImage, match=words):
        load(told)


def test_an_image_of_an_older_version_is_to_be_compiled_again() -> None:
    told = json.loads(changed())
    del told["strings"]
    with pytest.raises(BadImage, match="older clearward; compile it again"):
        load(json.dumps(told).encode())


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
