"""A page in one form, without tags, and its scripts, as clamscan has them."""

import time
from pathlib import Path

import pytest
from support.normalise import needs_sigtool, page_by_sigtool

from clearward.formats.normalise.html import normalise

WRITTEN = [
    (b"<HTML>A <b>B</b>  C</HTML>", b"<html>a <b>b</b>c</html>"),
    (b"\n\n <b> \n <i> x\n\ny </b>\n", b"<b><i>x y </b>"),
    (b"text \n", b"text"),
    (b"c  > d >> e", b"c > d >> e"),
    (b"<b>c  > d > e<i> f", b"<b>c > d > e<i>f"),
    (b"a < b  and c > d", b"a <b and c>d"),
    (b"x<!-- c -->A<! DOCTYPE  x> B", b"xab"),
    (b"x <!-- a>b --> c<!", b"x b --> c"),
    (b"<a b = 'c'  d=\"e\"f\n>y", b'<a b="c" d="e" f>y'),
    (b"<a b='it\"s' c='a b ' d='e'>", b'<a b="it"s" c="a b \' d="e">'),
    (b'<a b="c > d" >y', b'<a b="c >d" >y'),
    (b"<a b = = c d=e =f>", b"<a b== c d=e=f>"),
    (b'<a b="c"/><br  / >', b'<a b="c" /><br />'),
    (b'<a b="w x y = z"c>', b'<a b="w x y=z"c>'),
    (b'<a b="a; c=d"/>', b'<a b="a; c=d"/>'),
    (b"<a b=c'd e = f=' g'>", b'<a b=c"d e=f=" g\'>'),
    (b"<a b=c=data:x d=data:y>", b"<a b=c=data:x d=data>"),
    (b"<a b='data:x\"y'c d>", b'<a b="data" c d>'),
    (b"<script> a  b = 'c' &lt; </script> d", b'<script>ab="c"<</script>d'),
    (b"<STYLE> a { b } </STYLE> c  d", b"<style>a{b}</style>c d"),
    (b"<scripts> a  b </scripts>", b"<scripts>a b </scripts>"),
    (b"<script> a </scriptx> b", b"<script>a</scriptx>b"),
    (b"<!-- <script> a  b </script> -->", b"a b </script>-->"),
    (b"&lt;B&gt; &#65;&#x42; &Eacute;&bogus;", b"<b> ab \xc9&bogus;"),
    (b"a &#32; b&#300;&euro;&amp;lt;", b"a   b&#x012c;&#x20ac;&lt;"),
    (b"<a b='C&amp;D'>", b'<a b="c&d">'),
    (b"a\x00\x01\xe9 \xe3\x80\x82b", b"a\x01\xe9 .b"),
    (b'<a href="data:,x">y<b c=D>', b'<a href="data">y<b c=d>'),
    (b"A  plain  text", b"a plain text"),
]
SPOKEN = [
    (b"<HTML>NEE<b>DLE</b> x", b" nee dle x"),
    (b"\n x  <!-- c --> y \n", b"x y "),
    (b"<b>a<script>b</script>c<style>d</style>e", b" a c e"),
    (b"a&lt;b &amp; c&#65;d&e f", b"a b c d f"),
    (b'x<a HREF="Foo  Bar">T</A>', b"x Foo Bar t "),
    (b"x<img SRC='A&amp;B'>y<b href=C>z", b"x A&B y z"),
    (b'x<a href="data:,x">y<a href="">z', b"x y z"),
    (b"<x <a href=y> z", b" z"),
]


@pytest.mark.parametrize(("page", "written"), WRITTEN)
def test_a_page_is_written_in_one_form(page: bytes, written: bytes) -> None:
    assert normalise(page).written == written


@pytest.mark.parametrize(("page", "spoken"), SPOKEN)
def test_a_page_is_spoken_without_tags(page: bytes, spoken: bytes) -> None:
    assert normalise(page).spoken == spoken


@needs_sigtool
@pytest.mark.parametrize(("page", "written"), WRITTEN)
def test_sigtool_writes_pages_so(page: bytes, written: bytes, tmp_path: Path) -> None:
    assert page_by_sigtool(page, tmp_path)["nocomment.html"] == written


@needs_sigtool
@pytest.mark.parametrize(("page", "spoken"), SPOKEN)
def test_sigtool_speaks_pages_so(page: bytes, spoken: bytes, tmp_path: Path) -> None:
    assert page_by_sigtool(page, tmp_path)["notags.html"] == spoken


def test_scripts_are_kept_as_they_are() -> None:
    page = b"<script>\n A  'b' </script>x<style>y</style><SCRIPT z>&lt;</SCRIPT>"
    assert normalise(page).scripts == (b"\n A  'b' ", b"&lt;")


def test_an_encoded_script_is_decoded_behind_its_tag() -> None:
    encoded = b"#@~^LAAAAA==W!x^DkKxP6WKc#Pls+MYcvD+/D@$@!D+/D@*@#@&E#p8Vg0AAA==^#~@"
    page = b"<script language='VBScript.Encode' a>//x  y" + encoded + b" z Z</script>"
    seen = normalise(page)
    assert seen.written == (
        b'<script language="vbscript.encode" a><script language="vbscript" a>'
        b'//x  yfunctionfoo(){alert("test@<test>");}zz</script>'
    )
    assert seen.scripts == (b"//x  y\nfunction foo(){alert('test@<test>\r\n');}\n z Z",)


def test_the_spoken_page_has_no_control_bytes() -> None:
    assert normalise(b"a\x01\x1f\x7fb").spoken == b"a\x7fb"


@pytest.mark.parametrize("front", [b"", b"a ", b"\n.", b"ab"])
def test_a_page_may_be_longer_than_a_block(front: bytes) -> None:
    page = front + b"<b>x y</b> z" * 30_000
    written = normalise(page).written
    assert written.endswith(b"<b>x y</b>z" * 30_000)


HOSTILE = [
    b"<", b">", b"<!", b"<!--", b"<!-- ->", b"&", b"&lt;", b"&#65;", b"<a ", b"<a b='",
    b'="', b"= ", b"<>", b"> ", b" ", b"<script ", b"<script>", b"</script", b"< ",
    b"<script></script>", b"<style>", b"<a href=x>", b"<a href=", b"<img a ", b"\x01",
    b'<a b="data:,x">', b"<a b=data:", b"<x <a href=y>", b"&a<b>", b'<a b="c"d',
    b'<script language="j', b"<a c d e f g h i", b"<a  href", b"\xe3\x80\x82",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("front", [b"", b"<", b"<a ", b'<a b="', b">>"])
def test_no_page_takes_longer_than_its_length_asks(unit: bytes, front: bytes) -> None:
    page = front + unit * ((1 << 18) // len(unit))
    start = time.process_time()
    normalise(page)
    assert time.process_time() - start < 3
