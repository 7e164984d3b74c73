"""Behaviour of images in force: the same as their sources, and whole or refused."""

import hashlib
import os
import time
from functools import partial

import pytest
from support.clamav_signing import container
from support.images import TEXTS, image, in_memory, loaded, made, sources

from clearward.core.errors import Refused
from clearward.core.image_frame import DIGEST_AT, HEADER
from clearward.core.limits import Limits
from clearward.core.names import Table
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.lookers import looker
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.formats.identify import MARKS
from clearward.jail.image_digest import check_digest
from clearward.jail.image_file import ImageFile
from clearward.native import image as reference_image
from clearward.native import reference
from clearward.rules import signatures as signatures_module
from clearward.rules.compile import compile_rules
from clearward.rules.databases import compile_databases
from clearward.rules.image_loader import Loaded, Unsound

YARA = 'rule one { meta: by = "me" strings: $x = "yara" condition: $x }'
FILES = (
    b"",
    b"hello",
    b"xxabcdefgh123jklzz",
    b"hello there, W0RLD",
    b"a yara rule",
    b"nothing of that",
)


def engine_of(images: list[Loaded]) -> Engine:
    rules, _ = compile_rules([], test_file=False, images=lambda _first: images)
    asks = partial(looker, rules.images)
    return Engine(rules, Limits(), time.monotonic, asks)


def engine_of_text(
    texts: dict[str, str], *, unwanted: bool
) -> tuple[Engine, list[str]]:
    rules, table = compile_rules(
        sources(texts),
        test_file=False,
        unwanted=unwanted,
        marks=MARKS,
        databases=compile_databases,
    )
    asks = partial(looker, [rules.signatures]) if rules.signatures else None
    names = [rule.name for rule in table.rules]
    return Engine(rules, Limits(), time.monotonic, asks), names


def scan(engine: Engine, data: bytes) -> Result:
    return engine.scan(Reader.of(data), every=True, explain=True)


def names_in(data: bytes, images: list[Loaded]) -> list[str]:
    descriptor = in_memory(data)
    file = ImageFile(descriptor, images[0].rules, "local")
    names = [rule.name for rule in file.rules()]
    assert names == [file.rule(number).name for number in range(len(names))]
    os.close(descriptor)
    return names


@pytest.mark.parametrize("unwanted", [False, True])
def test_an_image_finds_what_its_sources_find(*, unwanted: bool) -> None:
    texts = {"y.yar": YARA, **TEXTS}
    text, text_names = engine_of_text(texts, unwanted=unwanted)
    data = image(texts)
    images = loaded(data, unwanted=unwanted)
    mapped, names = engine_of(images), names_in(data, images)
    for file in FILES:
        expected, found = scan(text, file), scan(mapped, file)
        assert sorted(names[rule] for rule in found.rules) == sorted(
            text_names[rule] for rule in expected.rules
        )
        assert found.reasons == expected.reasons


def test_what_is_unwanted_is_in_an_image_and_counted() -> None:
    (quiet,) = loaded(image())
    (asked,) = loaded(image(), unwanted=True)
    assert (quiet.rules.unwanted, asked.rules.unwanted) == (1, 0)
    assert quiet.rules.count == asked.rules.count


def test_kinds_are_counted() -> None:
    (one,) = loaded(image({"y.yar": YARA, **TEXTS}))
    assert dict(one.rules.kinds) == {"clamav": 6, "digest": 2, "yara": 1}


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        *((name, True) for name in TEXTS if name != "e.sha256"),
        ("e.sha256", False),
        ("y.yar", False),
    ],
)
def test_images_of_nothing_that_looks_at_types_ask_for_none(
    name: str, *, asks: bool
) -> None:
    """Or every text would be normalised for nothing."""
    (one,) = loaded(image({name: {"y.yar": YARA, **TEXTS}[name]}))
    rules, _ = compile_rules([], test_file=False, images=lambda _first: [one])
    assert bool(rules.images) is asks


def test_two_images_are_in_force_beside_each_other() -> None:
    images = loaded(image({"a.ndb": TEXTS["a.ndb"]}), image({"y.yar": YARA}), first=5)
    assert [one.rules.first for one in images] == [5, 7]
    engine = engine_of(images)
    assert list(scan(engine, FILES[2]).rules) == [5]
    assert list(scan(engine, FILES[4]).rules) == [7]


def test_what_one_image_trusts_no_other_finds() -> None:
    digest = hashlib.md5(FILES[2], usedforsecurity=False).hexdigest()
    trusting = image({"t.fp": f"{digest}:{len(FILES[2])}:Good\n"})
    engine = engine_of(loaded(trusting, image()))
    assert not scan(engine, FILES[2]).rules


def test_an_image_of_another_yara_is_refused_with_advice() -> None:
    with pytest.raises(Unsound, match=r"another version.*compile it again"):
        loaded(image({"y.yar": YARA}), version="2")


def test_a_cut_image_is_refused() -> None:
    data = image()
    for length in range(0, len(data), 37):
        with pytest.raises(Unsound, match=r"0\.cwr: "):
            loaded(data[:length])


def test_the_reader_of_names_knows_a_changed_image() -> None:
    data = bytearray(image())
    data[-1] ^= 1
    descriptor = in_memory(bytes(data))
    with pytest.raises(Refused, match="not what its digest says"):
        check_digest(descriptor, "a.cwr")
    os.close(descriptor)


def repaired(data: bytearray) -> bytes:
    data[DIGEST_AT : HEADER.size] = bytes(HEADER.size - DIGEST_AT)
    data[DIGEST_AT : HEADER.size] = hashlib.sha256(data).digest()
    return bytes(data)


@pytest.mark.parametrize("matcher", ["as built", "reference"])
def test_no_byte_of_an_image_can_do_harm(
    matcher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if matcher == "reference":
        monkeypatch.setattr(signatures_module, "load", reference_image.Image)
        monkeypatch.setattr(signatures_module, "Matcher", reference.Matcher)
    # One signature: each has a prefilter for its target, which takes most of the room.
    small = {"a.ndb": TEXTS["a.ndb"].partition("\n")[0], "e.sha256": TEXTS["e.sha256"]}
    whole = image({**small, "c.hdb": TEXTS["c.hdb"]})
    taken = 0
    step = 1 if matcher == "as built" else 7
    for place in range(0, len(whole), step):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        data = repaired(damaged)
        try:
            images = loaded(data)
        except Unsound:
            continue
        taken += 1
        engine = engine_of(images)
        for file in (*FILES[:3], FILES[-1]):
            result = scan(engine, file)
            assert not Reason.WORKER_DIED & result.reasons
            assert all(0 <= rule < images[0].rules.count for rule in result.rules)
        names_in(data, images)
    assert taken


def test_problems_are_told_and_counted() -> None:
    texts = {"a.ndb": "no line\n" + TEXTS["a.ndb"], "b.cbc": "bytecode"}
    compiled = made(texts)
    (problem,) = compiled.table.problems
    assert (problem.source, problem.line) == (0, 1)
    (one,) = loaded(bytes(compiled.image))
    assert one.rules.unusable == 1
    assert dict(one.rules.left) == {"cbc: kind that is not supported": 1}
    assert [row[0] for row in one.rules.made_of] == ["a.ndb", "b.cbc"]


def beside_an_image(
    texts: dict[str, str | bytes], compiled: dict[str, str | bytes]
) -> tuple[Engine, Table]:
    """Texts and an image that are in force together."""
    rules, table = compile_rules(
        sources(texts),
        test_file=False,
        databases=compile_databases,
        images=lambda first: loaded(image(compiled), first=first),
    )
    asks = partial(looker, [*filter(None, [rules.signatures]), *rules.images])
    return Engine(rules, Limits(), time.monotonic, asks), table


@pytest.mark.parametrize("name", ["Body.One", "Logic", "Clam.Digest"])
def test_an_ignore_list_beside_an_image_leaves_names_out_of_it(name: str) -> None:
    data = b"abcdefgh123jkl hello W0RLD"
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    compiled: dict[str, str | bytes] = {
        **TEXTS,
        "c.hdb": f"{digest}:{len(data)}:Clam.Digest\n",
    }
    every, _ = beside_an_image({"b.ndb": "Other:0:*:4142434445\n"}, compiled)
    some, table = beside_an_image({"a.ign2": f"{name}\n"}, compiled)
    assert len(scan(every, data).rules) == 3
    assert len(scan(some, data).rules) == 2
    assert not table.problems


def test_an_ignore_list_that_means_a_line_says_that_it_comes_late() -> None:
    ignoring: dict[str, str | bytes] = {
        "b.hdb": TEXTS["c.hdb"],
        "a.ign2": f"Body.One:{'ab' * 16}\n",
    }
    engine, table = beside_an_image(ignoring, {"a.ndb": TEXTS["a.ndb"]})
    (problem,) = table.problems
    assert problem.source == 1
    assert "compile it with their sources" in problem.message
    assert len(scan(engine, b"xx" + b"abcdefgh123jkl").rules) == 1


def test_an_ignore_list_in_a_container_beside_an_image_holds() -> None:
    data = container("cud", ("local.ign2", b"Body.One\n"))
    engine, table = beside_an_image({"a.cud": data}, {"a.ndb": TEXTS["a.ndb"]})
    assert not table.problems
    assert not scan(engine, b"xx" + b"abcdefgh123jkl").rules
