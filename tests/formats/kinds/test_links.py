"""Behaviour of what a document is said to ask its reader to fetch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.reader import Reader
from clearward.formats.kinds.links import MOST, links

AT = "http://a.example/x"
RELATION = '<Relationship Id="a" Type="http://b/{}" {}Target="{}"/>'


def asked(kind: str, text: str) -> list[str]:
    data = text.encode()
    return [target.decode() for target in links(kind, data, Reader.of(data))]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("xml", RELATION.format("attachedTemplate", 'TargetMode="External" ', AT)),
        (
            "txt",
            "<Relationships>" + RELATION.format("frame", "TargetMode='External' ", AT),
        ),
        ("xml", f'<!DOCTYPE a [<!ENTITY b SYSTEM "{AT}">]><a>&b;</a>'),
        ("xml", f'<?xml-stylesheet type="text/xsl" href="{AT}"?><a/>'),
        ("xml", f'<draw:image xlink:type="simple" xlink:href="{AT}"/>'),
        ("svg", f"<svg><image xlink:href='{AT}'/></svg>"),
        ("html", f'<img width=1 src="{AT}">'),
        ("hta", f"<script language=vbs src={AT}></script>"),
        ("html", f'<object data="{AT}">'),
        ("html", f'<link rel=stylesheet href="{AT}">'),
        ("rtf", "{\\rtf1{\\*\\template " + AT + "}}"),
        ("rtf", '{\\rtf1 {\\*\\fldinst INCLUDEPICTURE "' + AT + '" \\\\d}}'),
        ("pdf", f"<</S/SubmitForm/F({AT})>>"),
        ("pdf", f"<</S/URI/URI({AT})>>"),
        ("url", f"[InternetShortcut]\r\nURL={AT}\r\n"),
        ("ical", f"BEGIN:VCALENDAR\r\nATTACH:{AT}\r\n"),
        ("vcard", f"BEGIN:VCARD\r\nPHOTO;VALUE=uri:{AT}\r\n"),
    ],
)
def test_what_is_fetched_is_told(kind: str, text: str) -> None:
    assert asked(kind, text) == [AT]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("xml", RELATION.format("hyperlink", 'TargetMode="External" ', AT)),
        ("xml", RELATION.format("image", "", "media/image1.png")),
        ("html", f'<a href="{AT}">'),
        ("html", '<img src="a.png"><img src="data:;base64,QQ==">'),
        ("png", f'<img src="{AT}">'),
        ("txt", f"text about {AT}"),
    ],
)
def test_what_is_not_is_not(kind: str, text: str) -> None:
    assert asked(kind, text) == []


def test_servers_without_a_scheme_are_told() -> None:
    assert asked("url", "[a]\r\nIconFile=\\\\host\\share\\i.ico\r\n") == [
        "\\\\host\\share\\i.ico"
    ]


def test_no_more_than_so_many_are_told() -> None:
    text = "".join(f'<img src="{AT}{number}">' for number in range(MOST * 3))
    assert len(asked("html", text + text)) == MOST


@given(st.sampled_from(["xml", "html", "svg", "rtf", "pdf", "url", "txt"]), st.binary())
def test_anything_is_read(kind: str, data: bytes) -> None:
    for target in links(kind, data, Reader.of(data)):
        assert target
