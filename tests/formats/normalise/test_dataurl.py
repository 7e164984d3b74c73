"""What stands in data URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.normalise.dataurl import read


@pytest.mark.parametrize(
    ("url", "kind", "content"),
    [
        (b"data:,x%41y%zz", "", b"xAyz".replace(b"z", b"%zz")),
        (b"data:Text/HTML;charset=utf-8,a,b", "text/html", b"a,b"),
        (b"data:text/plain;base64,SGVsbG8=", "text/plain", b"Hello"),
        (b"data:;BASE64,SGVs bG8", "", b"Hello"),
        (b"data:;base64,SGVsbG8%3D", "", b"Hello"),
        (b"data:;base64,SGVs&#98;G8=", "", b"Hello"),
        (b"data:;base64,-_-_A", "", b"\xfb\xff\xbf"),
        (b"data:nothing", "nothing", b""),
    ],
)
def test_a_data_url_has_a_type_and_content(
    url: bytes, kind: str, content: bytes
) -> None:
    seen = read(url)
    assert (seen.type, seen.content) == (kind, content)


@given(st.binary(), st.sampled_from([b"", b";base64,"]))
def test_any_bytes_in_a_data_url_are_read(data: bytes, before: bytes) -> None:
    assert len(read(b"data:" + before + data).content) <= 10 * len(data)
