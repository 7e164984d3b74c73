"""The recipe of a release is read as it was written, or not at all."""

from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.publishing.manifest import Manifest, compiler
from clearward.publishing.provenance import Provenance

MADE = Manifest(
    ("1/a.yar", "2"),
    {"1/a.yar": "ab" * 32, "2/b.ndb": "cd" * 32},
    (Provenance(("2/b.ndb",), {"name": "x", "reviewers": ["y"]}),),
    compiler(),
)


def test_it_comes_back_as_it_was() -> None:
    assert Manifest.parse(MADE.to_bytes()) == MADE
    assert MADE.unknown() == ["1/a.yar"]
    assert set(MADE.compiler) == {"clearward", "yara-x"}


@given(st.binary() | st.tuples(st.integers(0, 400), st.binary(max_size=3)))
def test_whatever_is_read_is_a_manifest_or_none(
    data: bytes | tuple[int, bytes],
) -> None:
    if isinstance(data, tuple):
        offset, wrong = data
        whole = bytearray(MADE.to_bytes())
        whole[offset : offset + len(wrong)] = wrong
        data = bytes(whole)
    try:
        found = Manifest.parse(data)
    except Malformed:
        return
    assert Manifest.parse(found.to_bytes()) == found
