"""What pages, scripts, shortcuts and books hide is looked at, and named."""

import struct
import zlib
from base64 import b64encode
from json import dumps

import pytest
from support.inside import MARK, cabinet, seen, zipped

from clearward.core.reasons import Reason

ARCHIVE = zipped({"b.js": MARK * 2})
LETTERS = b64encode(ARCHIVE)
HALF = len(LETTERS) // 2
NUMBERS = b",".join(b"%d" % byte for byte in ARCHIVE)
ROWS = b'","'.join(LETTERS[at : at + 76] for at in range(0, len(LETTERS), 76))
BLOB = b"for(i in d)a[i]=d.charCodeAt(i);location=URL.createObjectURL(new Blob([a]))"
TAKEN = b'"%b"+"%b"+"%b"' % (MARK[:7], MARK[7:16], MARK[16:])
JOINED = TAKEN.replace(b"+", b" & ")
INFOPATH = b"\xc7IFA" + struct.pack("<IIII", 20, 1, len(ARCHIVE), 6)
INFOPATH += "a.zip\0".encode("utf-16-le") + ARCHIVE
ATTACHED = b"ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=application/zip:"
PACKED = zlib.compress(MARK * 2).hex().encode()
LISTING = dumps({"files": {"main.js": {"size": len(MARK), "offset": "0"}}}).encode()
LISTING += b" " * (-len(LISTING) % 4)
SIZES = (4, len(LISTING) + 8, len(LISTING) + 4, len(LISTING))


@pytest.mark.parametrize(
    ("page", "way"),
    [
        pytest.param(
            b'<html><script>var d=atob("' + LETTERS + b'");' + BLOB + b"</script>",
            "base64@* > b.js",
            id="smuggled blob",
        ),
        pytest.param(
            b'<script>d=atob("%b"+"%b")</script>' % (LETTERS[:HALF], LETTERS[HALF:]),
            "base64@* > b.js",
            id="in two strings",
        ),
        pytest.param(
            b'<script>p=["' + ROWS + b'"];d=atob(p.join(""))</script>',
            "base64@* > b.js",
            id="in a list of strings",
        ),
        pytest.param(
            b"<script>new Blob([new Uint8Array([" + NUMBERS + b"])])</script>",
            "numbers@* > b.js",
            id="in a list of numbers",
        ),
        pytest.param(
            b'<a download="a.zip" href="data:application/zip;base64,' + LETTERS + b'">',
            "* > b.js",
            id="data URL",
        ),
        pytest.param(
            b"<html><hta:application id=a><script language=vbscript>x=%b</script>"
            % JOINED,
            "joined",
            id="HTA",
        ),
        pytest.param(
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>'
            b'<![CDATA[d=atob("' + LETTERS + b'")]]></script></svg>',
            "base64@* > b.js",
            id="SVG",
        ),
        pytest.param(
            b'<svg xmlns="http://www.w3.org/2000/svg"><image href="data:x/y;base64,'
            + LETTERS
            + b'"/></svg>',
            "* > b.js",
            id="data URL in SVG",
        ),
        pytest.param(
            b'<?XML version="1.0"?><scriptlet><registration progid="a"><script '
            b'language="JScript"><![CDATA[eval(%b)]]></script></registration>'
            b"</scriptlet>" % TAKEN,
            "joined",
            id="scriptlet",
        ),
        pytest.param(
            b'<job><script language="VBScript">\r\nx = %b\r\n</script></job>' % JOINED,
            "joined",
            id="WSF",
        ),
        pytest.param(
            b"[InternetShortcut]\r\nURL=data:text/html;base64," + LETTERS,
            "base64@* > b.js",
            id="URL",
        ),
        pytest.param(
            b"BEGIN:VCALENDAR\r\n" + ATTACHED + LETTERS + b"\r\nEND:VCALENDAR\r\n",
            "ATTACH > b.js",
            id="calendar",
        ),
        pytest.param(
            zipped(
                {
                    "mimetype": b"application/epub+zip",
                    "a.xhtml": b'<html><img src="data:;base64,'
                    + LETTERS
                    + b'"/></html>',
                }
            ),
            "a.xhtml > * > b.js",
            id="EPUB",
        ),
        pytest.param(
            b'<?xml version="1.0"?><xfdf xmlns="http://ns.adobe.com/xfdf/"><data '
            b'encoding="hex" filter="FlateDecode">' + PACKED + b"</data></xfdf>",
            "hex-deflate@*",
            id="XFDF",
        ),
        pytest.param(
            b"%FDF-1.2\n1 0 obj<</Filter/FlateDecode>>stream\n"
            + zlib.compress(MARK)
            + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n",
            "object 1",
            id="FDF",
        ),
        pytest.param(
            b'<?xml version="1.0"?><?mso-infoPathSolution name="a"?><my:a xmlns:my="b">'
            + b64encode(INFOPATH)
            + b"</my:a>",
            "base64@* > b.js",
            id="attached in InfoPath",
        ),
        pytest.param(
            cabinet(b"script.js", MARK * 2), "script.js", id="InfoPath template"
        ),
        pytest.param(
            zipped(
                {
                    "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n" + MARK,
                    "a.class": b"\xca\xfe\xba\xbe" + MARK,
                }
            ),
            "META-INF/MANIFEST.MF",
            id="JAR manifest",
        ),
        pytest.param(
            struct.pack("<IIII", *SIZES) + LISTING + MARK, "main.js", id="asar"
        ),
    ],
)
def test_what_is_hidden_has_its_way(page: bytes, way: str) -> None:
    told = seen(page)
    assert any(_matches(each, way) for each in told.ways)
    assert not told.reasons


def _matches(way: str, like: str) -> bool:
    """Say whether a way is like another in which "*" stands for anything."""
    front, star, end = like.partition("*")
    if not star:
        return way == like
    return way.startswith(front) and way.endswith(end)


def test_an_archive_that_is_cut_short_in_a_container_says_so() -> None:
    told = seen(zipped({"a.zip": ARCHIVE[:-30]}))
    assert Reason.TRUNCATED & told.reasons


@pytest.mark.parametrize(
    "page",
    [
        b'<html><script src="%b"></script>',
        b'<html><hta:application id=a><iframe src="%b">',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image xlink:href="%b"/></svg>',
        b'<job><script src="%b"/></job>',
        b"[InternetShortcut]\r\nURL=%b\r\n",
        b"BEGIN:VCALENDAR\r\nATTACH:%b\r\nEND:VCALENDAR\r\n",
        b"{\\rtf1{\\*\\template %b}}",
    ],
)
def test_what_is_fetched_is_told(page: bytes) -> None:
    told = seen(page % b"http://a.example/x")
    assert told.links == {"http://a.example/x"}
    assert not told.reasons
