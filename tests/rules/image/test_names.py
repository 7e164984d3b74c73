"""Tests of the name table of the image."""

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clearward.rules.image.names import Names, encode_name


@given(st.lists(st.text(max_size=10)), st.lists(st.text(max_size=10)))
def test_every_name_stands_between_its_offset_and_the_next(
    first: list[str], second: list[str]
) -> None:
    names = Names(first)
    names.extend([encode_name(name) for name in second])
    data = b"".join(names.encode())
    both = first + second
    assert len(names) == len(both)
    ends = struct.unpack_from(f"<{len(both) + 1}Q", data)
    blob = data[8 * len(ends) :]
    found = [blob[at:end] for at, end in pairwise(ends)]
    assert found == [encode_name(name) for name in both]
    assert ends[-1] == len(blob)


def test_a_name_that_is_no_text_is_told_by_its_code() -> None:
    assert encode_name("a\udcff") == b"a\\udcff"
