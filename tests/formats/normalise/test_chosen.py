"""The compiled normalisers make what those in Python make, of any bytes."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pages import MARKUP, SCRIPT

from clearward.formats.normalise import entities
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.marks import Seen
from clearward.formats.normalise.page import Limits
from clearward.formats.normalise.reference import REFERENCE
from clearward.formats.normalise.views import Kind, views

needs_compiled = pytest.mark.skipif(
    NORMALISER.name != "compiled", reason="the views are not compiled"
)

markup = st.lists(st.sampled_from(MARKUP + SCRIPT), max_size=60).map(b"".join)
scripts = st.lists(st.sampled_from(SCRIPT), max_size=60).map(b"".join)
anything = st.binary(max_size=300) | markup | scripts
limits = st.builds(
    Limits,
    block=st.sampled_from((64, 100, 1 << 17)),
    spoken=st.sampled_from((0, 20, 1 << 20)),
)


def same(data: bytes, limit: Limits) -> None:
    assert NORMALISER.text(data) == REFERENCE.text(data)
    assert NORMALISER.script(data) == REFERENCE.script(data)
    assert NORMALISER.encoded(data) == REFERENCE.encoded(data)
    assert NORMALISER.page(data, limit) == REFERENCE.page(data, limit)
    for start in (0, 3, len(data)):
        assert NORMALISER.address(data, start) == REFERENCE.address(data, start)
    for seen in (Seen.NOTHING, Seen.LINK):
        assert NORMALISER.page_marks(data, seen) == REFERENCE.page_marks(data, seen)
    ours, theirs = NORMALISER.decoding, REFERENCE.decoding
    assert ours.entities(data) == theirs.entities(data)
    assert ours.percent(data) == theirs.percent(data)
    assert ours.base64(data) == theirs.base64(data)


@needs_compiled
@settings(max_examples=400)
@given(anything, limits)
def test_any_bytes_have_the_same_views(data: bytes, limit: Limits) -> None:
    same(data, limit)


@needs_compiled
@given(markup, st.sampled_from(["utf-16-le", "utf-16-be"]), st.sampled_from("\ufeff "))
def test_pages_of_wide_characters_have_the_same_views(
    page: bytes, encoding: str, mark: str
) -> None:
    text = (mark.strip() + page.decode("latin-1")).encode(encoding)
    ours = views(Kind.PAGE, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clearward.formats.normalise.views.NORMALISER", REFERENCE)
        assert views(Kind.PAGE, text) == ours


@needs_compiled
@pytest.mark.parametrize("size", [1 << 17, (1 << 17) + 1, 400_000])
@pytest.mark.parametrize(
    "unit", [b"<b> x y</b>", b"a ", b"&lt;", b"<a b='c'd>", b"> <"]
)
def test_pages_longer_than_a_block_have_the_same_views(size: int, unit: bytes) -> None:
    page = unit * (size // len(unit))
    assert NORMALISER.page(page) == REFERENCE.page(page)


@needs_compiled
def test_constructs_that_need_memory_of_the_past_are_the_same() -> None:
    for script in (
        b"eval(''eval(')')",
        b"eval eval('(\"x\")')",
        b"unescape(unescape('%2541'))+'b'",
        b"unescape(" * 12 + b"'%41'" + b")" * 12,
        b'eval("' * 12 + b"x" + b'")' * 12,
        b"eval(\"'a'\")+'b';c",
        b"=/[/]\x02\x02a\x02/.x",
        b"function(){" * 70 + b"var a;a" + b"}" * 70 + b"a",
    ):
        same(script, Limits())


@needs_compiled
def test_real_pages_have_the_same_views() -> None:
    shared = os.environ.get("CLEARWARD_PAGES")
    if not shared:
        pytest.skip("CLEARWARD_PAGES does not name a folder with pages")
    for path in sorted(Path(shared).rglob("*")):
        if path.is_file():
            same(path.read_bytes()[: 1 << 20], Limits())


def test_the_table_of_entities_fits_a_byte_for_each_length() -> None:
    records = entities.records()
    names = 0
    while records:
        length = records[0]
        names += 1
        records = records[1 + length :]
    assert names == 2 * 662
