"""Behaviour of the broker's reader of images: any bytes give an answer."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.images import TEXTS, image, in_memory, loaded

from clearward.core.image_frame import HEADER, MAGIC, VERSION
from clearward.core.names import ImageRules, RuleName, Table
from clearward.jail.image_file import ImageFile
from clearward.jail.rules_in_force import RulesInForce

DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def read(data: bytes, rules: ImageRules) -> list[RuleName]:
    descriptor = in_memory(data)
    try:
        return list(ImageFile(descriptor, rules, "local").rules())
    finally:
        os.close(descriptor)


def test_rules_are_named_as_they_lie() -> None:
    data = image()
    (one,) = loaded(data)
    found = read(data, one.rules)
    assert [(rule.name, rule.kind) for rule in found] == [
        ("Body.One", "clamav"),
        ("Body.Two", "clamav"),
        ("Logic", "clamav"),
        ("Too.Short", "clamav"),
        ("Clam.Digest", "clamav"),
        ("Pua.Digest", "clamav"),
        (DIGEST, "digest"),
        ("Empty", "digest"),
    ]


def test_more_names_than_are_read_at_one_time_are_named() -> None:
    lines = "".join(f"{number:064x} Name.{number}\n" for number in range(3000))
    data = image({"a.sha256": lines})
    (one,) = loaded(data)
    names = [rule.name for rule in read(data, one.rules)]
    assert names == [f"Name.{number}" for number in range(3000)]


def test_a_name_is_shown_in_the_allowed_characters() -> None:
    data = image({"a.hdb": b"900150983cd24fb0d6963f7d28e17f72:8:\xe9vil\x1b[31m\n"})
    (one,) = loaded(data)
    (rule,) = read(data, one.rules)
    assert rule.name == "_vil_[31m"


@given(st.binary(max_size=400), st.integers(0, 50))
def test_any_bytes_give_names(data: bytes, count: int) -> None:
    rules = ImageRules(0, 0, count)
    header = HEADER.pack(MAGIC, VERSION, 3, 0, count, bytes(32))
    assert len(read(header + data, rules)) == count
    assert len(read(data, rules)) == count


def test_rules_have_one_row_of_numbers() -> None:
    first, second = image({"a.ndb": TEXTS["a.ndb"]}), image()
    loads = loaded(first, second, first=1)
    table = Table(
        (RuleName("Listed", "builtin", -1, "code"),),
        (),
        ("", ""),
        images=tuple(one.rules for one in loads),
    )
    descriptors = [in_memory(first), in_memory(second)]
    files = [
        ImageFile(descriptor, one.rules, "local")
        for descriptor, one in zip(descriptors, loads, strict=True)
    ]
    rules = RulesInForce(table, files)
    assert len(rules) == 11
    assert [rule.name for rule in rules] == [rules[n].name for n in range(11)]
    assert [rule.name for rule in rules[:4]] == [
        "Listed",
        "Body.One",
        "Body.Two",
        "Body.One",
    ]
    with pytest.raises(IndexError):
        rules[11]
    for descriptor in descriptors:
        os.close(descriptor)
