"""Which views a part has, and which signatures look at them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.formats.normalise import html, script, text
from clearward.formats.normalise.chosen import NORMALISER
from clearward.formats.normalise.page import Limits
from clearward.formats.normalise.reference import REFERENCE
from clearward.formats.normalise.views import Kind, Views, views

PAGE = "<html><B>Foo  Bar</B><script>var Q = 'NEE' + \"DLE\";</script></html>"


def by_name(seen: Views) -> dict[str, bytes]:
    return {view.name: view.data for view in seen.views}


def test_text_has_one_view_for_signatures_of_text_and_of_anything() -> None:
    (view,) = views(Kind.TEXT, b"Nee  DLE").views
    assert (view.name, view.targets, view.data) == ("text", (0, 7), b"nee dle")


def test_a_page_has_three_views() -> None:
    seen = views(Kind.PAGE, PAGE.encode())
    assert [(view.name, view.targets) for view in seen.views] == [
        ("written", (0, 3)),
        ("spoken", (0, 3)),
        ("script", (0, 3, 7)),
    ]
    assert by_name(seen)["written"].startswith(b"<html><b>foo bar</b><script>varq=")
    assert by_name(seen)["spoken"] == b" foo bar "
    assert by_name(seen)["script"] == b'<script>var n000="needle";</script>'


def test_scripts_stand_one_below_the_other() -> None:
    seen = views(Kind.PAGE, b"<script>a</script>x<script>b</script>")
    assert by_name(seen)["script"] == b"<script>a</script>\n<script>b</script>"


def test_mail_has_no_view() -> None:
    assert views(Kind.MAIL, b"Subject: x\n\n") == Views()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("front", ["", "\ufeff", "\n "])
def test_a_page_in_utf_16_has_the_views_of_the_page(encoding: str, front: str) -> None:
    page = PAGE.replace("Bar", "B\u00e4r \u20ac")
    wide = views(Kind.PAGE, (front + page).encode(encoding))
    assert by_name(wide)["script"] == b'<script>var n000="needle";</script>'
    assert "foo bär €".encode() in by_name(wide)["written"]


def test_an_encoded_script_is_a_page_of_its_script() -> None:
    encoded = b"#@~^LAAAAA==W!x^DkKxP6WKc#Pls+MYcvD+/D@$@!D+/D@*@#@&E#p8Vg0AAA==^#~@"
    seen = by_name(views(Kind.ENCODED, encoded))
    assert seen["written"] == (b'<script>functionfoo(){alert("test@<test>");}</script>')
    assert b'function n000(){alert("test@<test>  ");}' in seen["script"]


def test_what_is_not_encoded_has_no_view_as_encoded() -> None:
    assert views(Kind.ENCODED, b"plain") == Views()


def test_text_beyond_its_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LIMIT", 10)
    seen = views(Kind.TEXT, b"A" * 11)
    assert seen.limited
    assert by_name(seen) == {"text": b"a" * 10}
    assert not views(Kind.TEXT, b"A" * 10).limited


def test_a_page_beyond_its_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LIMIT", 10)
    assert views(Kind.PAGE, b"<b>" + b"A" * 8).limited
    assert not views(Kind.PAGE, b"<b>" + b"A" * 7).limited


def test_scripts_beyond_their_limit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "LIMIT", 10)
    page = b"<script>abc=1</script><script>abc=2;d</script>"
    seen = views(Kind.PAGE, page)
    assert seen.limited
    assert by_name(seen)["script"] == b"<script>abc=1</script>\n<script>abc=2</script>"


def test_a_spoken_view_beyond_its_limit_is_said() -> None:
    for normaliser in (NORMALISER, REFERENCE):
        seen = normaliser.page(b"<b>text", Limits(spoken=3))
        assert seen.limited
        assert seen.spoken == b" te"


PIECES = [b"<", b">", b"a ", b" ", b"\n", b"=", b'"', b"'", b"&lt;", b"&#6", b"<!--"]
PIECES += [b"<script>", b"</script>", b"<style>", b"data:,", b"<a href=", b"\1", b"\2"]
PIECES += [b"var ", b"function", b"eval(", b"unescape(", b")", b"{", b"}", b"+", b"/"]
PIECES += [b"\\", b"\x00", b"\xff", b"9.e", b'<script language="JScript.Encode">']
PIECES += [b"#@~^AAAAAA==", b"^#~@", b"\\x4", b"%u00", b";", b",", b"."]


@given(
    st.sampled_from(Kind),
    st.binary() | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join),
)
def test_any_bytes_have_views_and_no_larger_than_entities_can_make_them(
    kind: Kind, data: bytes
) -> None:
    for view in views(kind, data).views:
        assert len(view.data) <= 10 * len(data) + 64
