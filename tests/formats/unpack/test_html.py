"""Behaviour of the reader of pages: data URLs and encoded scripts."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import MARKUP
from support.parts import contents

from clearward.core.part import Gap, Part
from clearward.core.reader import CHUNK, Reader
from clearward.formats.unpack import html

TEXT = base64.b64encode(b"hidden text").decode()
VBE = b"#@~^LAAAAA==W!x^DkKxP6WKc#Pls+MYcvD+/D@$@!D+/D@*@#@&E#p8Vg0AAA==^#~@"
VBS = b"function foo(){alert('test@<test>\r\n');}"


def known(data: bytes) -> bool:
    return html.recognises(data[: 64 * 1024], Reader.of(data))


def parts(data: bytes) -> list[bytes]:
    return contents(html.unpack(Reader.of(data)))


@pytest.mark.parametrize(
    "page",
    [
        f"<a href=data:;base64,{TEXT}>x</a>",
        f"<a href='data:text/html;base64,{TEXT}'>x</a>",
        f'<img src="data:any thing;charset=x;base64,{TEXT}">',
        f'<a href = " DATA:application/zip;BASE64,{TEXT}">',
        f"<style>a {{ b: url(data:image/png;base64,{TEXT}) }}</style>",
        f'<style>a {{ b: url(  "  data: any thing ; base64  ,  {TEXT}" ) }}</style>',
        f"<style>a {{ b: url( data: any thing ; base64  ,  {TEXT} ) }}</style>",
        f"<p style=\"b: url('data:image/png;base64,{TEXT}')\">",
        f'<p style="b: url(&quot;data:image/png;base64,{TEXT}&quot;)">',
        f"<script>x = `data:text/html;base64,{TEXT}`; y('data:a/b;base64,')</script>",
        f"<html>data:text/html; base64 ,\n{TEXT[:5]}\n {TEXT[5:]}</html>",
        f"\ufeff\n<p data:;base64,{TEXT}",
        '<a href="data:,hidden%20text">',
        "<a href=data:text/plain,hidden&#32;text>",
        "text <a x href='data:,hidden text'>",
    ],
)
def test_what_a_data_url_holds_comes_back(page: str) -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        data = page.encode(encoding)
        if encoding == "utf-8" or not page.startswith(("text", "\ufeff\n")):
            assert known(data)
            assert parts(data)[:1] == [b"hidden text"], encoding


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html>all data: some, and more</html>",
        b"<html><script>x = {data:a,b:1}</script>",
        b"<a href='data:'>",
        b"<a href='data:,'>",
        b"<a href=data:;base64,>",
        b"<a href='data:text/html;base64'>",
    ],
)
def test_words_and_empty_urls_are_no_parts(page: bytes) -> None:
    assert parts(page) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><p>no such thing</html>",
        b"text with data:text/html;base64,AAAA",
        b"body { src: url(data:text/html;base64,AAAA) }",
        b"MZ\0\0<html><a href='data:,x'>",
        b"#@~^",
    ],
)
def test_other_things_are_no_such_pages(data: bytes) -> None:
    assert not known(data)


def test_a_broken_url_is_decoded_as_far_as_it_goes() -> None:
    page = b"<a href='data:;base64,aGlkZGVu*%20*dGV4dA=='><a b='data:x,%4'>"
    assert parts(page) == [b"hiddentext", b"%4"]


def test_quotes_that_never_close_hide_no_other_url() -> None:
    assert b"second" in parts(b'<b>\'data:,first <a href="data:,second">')


def test_encoded_scripts_are_decoded() -> None:
    assert known(VBE)
    assert parts(VBE) == [VBS]
    page = b"<%@ language=vbscript.encode %><%" + VBE + b"%>x" + VBE + b"<html>"
    assert known(page)
    assert parts(page) == [VBS, VBS]


@pytest.mark.parametrize("before", range(CHUNK - 90, CHUNK + 30, 7))
def test_what_lies_over_two_chunks_is_found(before: int) -> None:
    link = b"<a href='data:text/html;base64," + TEXT.encode() + b"'>"
    page = b"<html>" + b" " * before + link + VBE
    assert known(page)
    assert parts(page) == [b"hidden text", VBS]


def test_a_page_larger_than_a_buffer_is_read_in_pieces() -> None:
    unit = b"<p>" + b"x" * 99_997 + b"<a href=data:,part>"
    page = Reader(
        lambda at, size: (unit * (size // 50_000 + 2))[at % len(unit) :][:size],
        len(unit) * 300,
    )
    assert html.recognises(page.at(0, 64 * 1024), page)
    assert contents(html.unpack(page)) == [b"part"] * 300


def test_a_url_beyond_its_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST", 100)
    items = list(html.unpack(Reader.of(b"<a b='data:," + b"x" * (4 * CHUNK) + b"'>")))
    assert [type(item) for item in items] == [Gap, Part]


@pytest.mark.parametrize(
    "unit",
    [
        b"data:,", b'"data:,', b"'data:,", b"`data:,", b"(data:,", b"=data:,",
        b"&quot;data:,", b"='data:a;", b"data:a/a;", b"data:;base64,", b"data: ",
        b"\"data:,'data:,`data:,&quot;data:,(data:,=data:,", b"#@~^AAAAAA==", b"#@~^",
        b"==^#~@", b"=", b"<", b"&", b"data:" + b"a" * 90 + b"/" + b"a" * 90,
    ],
)  # fmt: skip
def test_no_page_takes_longer_than_its_length_asks(unit: bytes) -> None:
    page = b"<" + unit * ((1 << 18) // len(unit))
    start = time.process_time()
    known(page)
    size = sum(map(len, parts(page)))
    assert time.process_time() - start < 4
    assert size <= 6 * len(page)


@given(st.binary(max_size=200) | st.lists(st.sampled_from(MARKUP)).map(b"".join))
def test_any_bytes_have_parts_no_longer_than_they_are(data: bytes) -> None:
    known(data)
    assert all(len(part) <= len(data) for part in parts(b"<" + data))
