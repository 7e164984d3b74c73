"""What makes text a page, and where a data URL may begin."""

import pytest

from clearward.formats.normalise import marks
from clearward.formats.normalise.marks import Seen


@pytest.mark.parametrize("tag", marks.TAGS)
def test_a_tag_makes_a_page_in_either_case(tag: bytes) -> None:
    assert marks.page(b"text " + tag, Seen.NOTHING) == Seen.PAGE
    assert marks.page(b"text " + tag.upper(), Seen.NOTHING) == Seen.PAGE
    assert marks.page(b"text " + tag[:-1], Seen.NOTHING) == Seen.NOTHING


def test_a_link_makes_a_page_if_its_target_is_behind() -> None:
    assert marks.page(b"href <A x", Seen.NOTHING) == Seen.LINK
    assert marks.page(b"<a x HREF", Seen.NOTHING) == Seen.PAGE
    assert marks.page(b"href", Seen.LINK) == Seen.PAGE
    assert marks.page(b"text", Seen.LINK) == Seen.LINK


def test_a_data_url_may_begin_where_its_scheme_is() -> None:
    assert marks.address(b"data: daTA:", 0) == 0
    assert marks.address(b"data: daTA:", 1) == 6
    assert marks.address(b"data: daTA:", 7) == -1
