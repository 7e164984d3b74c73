"""Behaviour of the compiled filters of PNG: what those in Python say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.pdf import predictors
from clearward.formats.pdf.predictors import reference, shape, undone

TAGS = st.integers(0, 6)  # more than there are filters


@st.composite
def filtered(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Rows with their tags, and the row above them."""
    size = draw(st.integers(1, 20))
    row = st.binary(min_size=size, max_size=size)
    tagged = st.builds(lambda tag, each: bytes([tag]) + each, TAGS, row)
    return b"".join(draw(st.lists(tagged, max_size=6))), draw(row)


@given(filtered(), st.integers(1, 24))
def test_rows_are_the_same(rows: tuple[bytes, bytes], pixel: int) -> None:
    if predictors.png is reference:
        pytest.skip("not compiled here")
    assert predictors.png(*rows, pixel) == reference(*rows, pixel)


@given(filtered(), st.integers(1, 8), st.integers(1, 30))
def test_rows_are_the_same_however_they_come(
    rows: tuple[bytes, bytes], pixel: int, step: int
) -> None:
    data, above = rows
    told = shape(15, pixel, 8, len(above))
    assert told is not None
    pieces = (data[at : at + step] for at in range(0, len(data), step))
    whole = b"".join(undone(iter([data]), told))
    assert b"".join(undone(pieces, told)) == whole


@pytest.mark.skipif(predictors.png is reference, reason="not compiled here")
@pytest.mark.parametrize(
    ("data", "above", "pixel"), [(b"12", b"ab", 1), (b"", b"", 1), (b"123", b"ab", 0)]
)
def test_what_are_no_rows_is_refused(data: bytes, above: bytes, pixel: int) -> None:
    with pytest.raises(ValueError, match="rows"):
        predictors.png(data, above, pixel)
