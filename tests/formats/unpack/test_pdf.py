"""Behaviour of the PDF reader."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, contents, gaps, named, read
from support.pdf import HEADER, document, entry, object_stream, stream

from clearward.core.part import Gap, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.unpack import pdf

MARK = b"a payload " * 3
FLATE = b"/Filter /FlateDecode"


def parts(data: bytes) -> list[bytes]:
    return contents(pdf.unpack(Reader.of(data)))


def found(data: bytes) -> dict[bytes, bytes]:
    return dict(named(pdf.unpack(Reader.of(data))))


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_streams_come_back_in_order(bodies: list[bytes]) -> None:
    packed = [
        stream(place, zlib.compress(each), FLATE)
        for place, each in enumerate(bodies, start=1)
    ]
    assert parts(document(*packed)) == bodies


def test_a_part_is_named_by_its_object() -> None:
    assert found(document(stream(7, MARK))) == {b"object 7": MARK}


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(b"/Filter /Fl", id="short name"),
        pytest.param(b"/Filter /#46#6cateDecode", id="escaped name"),
        pytest.param(b"/F#69lter [/FlateDecode]", id="escaped key in an array"),
        pytest.param(b"/Filter [ % a remark >>\n /FlateDecode ]", id="remark"),
        pytest.param(b"/Filter 9 0 R", id="reference"),
        pytest.param(b"/Filter /DCTDecode /Filter /FlateDecode", id="twice"),
        pytest.param(b"/Filter 99 0 R", id="reference to nowhere"),
        pytest.param(b"", id="not said"),
        pytest.param(b"/Filter /Made#20Up", id="another said"),
        pytest.param(b"/Filter /FlateDecode % 1 0 obj\n", id="object in a remark"),
        pytest.param(b"/A (>> stream ) /Filter /FlateDecode", id="stream in a string"),
        pytest.param(b"/A << /Filter /Fl >> /Filter /FlateDecode", id="deeper one"),
        pytest.param(b"/Length 9999999 /Filter /FlateDecode", id="wrong length"),
    ],
)
def test_flate_is_inflated_however_it_is_said(keys: bytes) -> None:
    data = document(
        entry(9, b"/FlateDecode"), stream(1, zlib.compress(MARK), keys), stream(2, b"")
    )
    assert MARK in parts(data)
    assert gaps(pdf.unpack(Reader.of(data))) == []


def test_a_stream_without_an_object_is_read() -> None:
    data = HEADER + b"stream\r\n" + zlib.compress(MARK) + b"\r\nendstream"
    assert parts(data) == [MARK]


def test_a_stream_without_an_end_is_read_to_the_end_of_the_file() -> None:
    data = HEADER + b"1 0 obj << /Filter /Fl >> stream\n" + zlib.compress(MARK)
    assert parts(data) == [MARK]


def test_a_stream_inside_another_is_read() -> None:
    inner = stream(2, zlib.compress(MARK), FLATE)
    assert MARK in parts(document(stream(1, inner)))


def test_a_stream_in_a_remark_is_read() -> None:
    inner = stream(2, b"61" * 20 + b">", b"/Filter /AHx").replace(b"\n", b" ")
    assert b"a" * 20 in parts(document(b"% " + inner + b"\n"))


def test_every_version_of_an_object_is_read() -> None:
    data = document(stream(1, zlib.compress(b"old"), FLATE))
    data += document(stream(1, zlib.compress(b"new"), FLATE))
    assert parts(data) == [b"old", b"new"]


def test_pictures_are_parts_as_they_are_packed() -> None:
    data = document(stream(1, MARK.hex().encode(), b"/Filter [/AHx /DCTDecode]"))
    assert parts(data) == [MARK]
    assert gaps(pdf.unpack(Reader.of(data))) == []


@pytest.mark.parametrize("keys", [b"/Filter /Made#20Up", b"/Filter 99 0 R"])
def test_an_unknown_filter_is_a_gap(keys: bytes) -> None:
    data = document(stream(1, MARK, keys))
    assert gaps(pdf.unpack(Reader.of(data))) == [Reason.UNSUPPORTED]


def test_damage_in_one_stream_leaves_the_others() -> None:
    packed = bytearray(zlib.compress(bytes(range(256)) * 9))
    packed[2:40] = b"\xff" * 38
    items = pdf.unpack(
        Reader.of(document(stream(1, bytes(packed), FLATE), stream(2, MARK)))
    )
    assert collect([next(items)])[2] == "stream"
    assert contents(items) == [MARK]


def test_a_script_is_a_part_in_every_notation() -> None:
    text = "app.alert('é')".encode("utf-16-be").hex().encode()
    data = document(
        entry(1, b"<< /S /JavaScript /JS (one\\050\\051\\\n;) >>"),
        entry(2, b"<< /S /JavaScript /J#53 <6f6e652829> >>"),
        entry(3, b"<< /JS <FEFF%b> >>" % text),
        entry(4, b"<< /JS 5 0 R >>"),
        entry(5, b"(four (in brackets))"),
    )
    lines = found(data)[b"javascript"].split(b"\n")
    assert lines == [
        b"one();",
        b"one()",
        "app.alert('é')".encode(),
        b"four (in brackets)",
    ]


def test_what_actions_open_is_a_part() -> None:
    data = document(
        entry(1, b"<< /S /URI /URI (http://a.example/) >>"),
        entry(2, b"<< /S /Launch /Win << /F (cmd.exe) /P (/c calc) >> >>"),
    )
    assert found(data)[b"actions"].split(b"\n") == [
        b"URI http://a.example/",
        b"F cmd.exe",
        b"P /c calc",
    ]


def test_strings_in_another_form_are_a_part_and_plain_ones_are_none() -> None:
    data = document(entry(1, b"[(as it is, and long)\n<%b>]" % MARK.hex().encode()))
    assert found(data) == {b"strings": MARK}


def test_strings_of_an_object_stream_are_read() -> None:
    keys, body = object_stream(3, [b"<< /JS <61626364> >>", b"[1 2]"])
    data = document(stream(2, zlib.compress(body), keys + FLATE))
    assert found(data) == {b"object 2": body, b"javascript": b"abcd"}


def test_streams_over_each_other_are_a_gap() -> None:
    data = HEADER + b"1 0 obj<< >>stream\n" * 2000 + bytes(2 << 20)
    assert Reason.SIZE_LIMIT in gaps(pdf.unpack(Reader.of(data)))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"1 0 obj" + b"[" * 200_000, id="arrays"),
        pytest.param(b"1 0 obj" + b"<</A" * 200_000 + b">>stream\n", id="dictionaries"),
        pytest.param(b"(" * 200_000, id="brackets"),
        pytest.param(b"1 0 obj 1 0 R endobj<</Length 1 0 R>>stream\n", id="itself"),
        pytest.param(b"1 0 obj<</A stream\n" * 50_000, id="words"),
        pytest.param(b"/Encrypt 1 0 R /ID [" * 50_000, id="locks"),
    ],
)
def test_nesting_and_loops_end(data: bytes) -> None:
    assert sum(map(len, parts(HEADER + data))) <= 4 * len(data) + (1 << 20)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_gaps(data: bytes) -> None:
    collect(pdf.unpack(Reader.of(HEADER + data)))


WORDS = [
    b"1 0 obj", b"endobj", b"<<", b">>", b"stream\n", b"endstream", b"[", b"]", b"(",
    b")", b"<61", b">", b"/Filter", b"/Fl", b"/LZW", b"/A85", b"/RL", b"/AHx", b"1 0 R",
    b"/Length", b"/JS", b"/Encrypt", b"/Type/ObjStm", b"%", b"\n", b"7", b"#", b"\\",
    b"/DecodeParms", b"/Predictor 12", b"/Columns", zlib.compress(b"abc" * 9),
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=4), max_size=60))
def test_words_in_any_order_give_parts_or_gaps(words: list[bytes]) -> None:
    collect(pdf.unpack(Reader.of(HEADER + b" ".join(words))))


def test_documents_without_headers_inside_each_other_are_opened_twice() -> None:
    data = b"1 0 obj<</Length 9>>stream\n" * 50
    assert Reason.DEPTH_LIMIT in _deep(data, 5)
    assert Reason.DEPTH_LIMIT not in _deep(b"%PDF-1.7\n" + data[:54], 5)


def _deep(data: bytes, depth: int) -> list[Reason]:
    """The gaps of a document, and of those that it holds."""
    found = []
    for item in pdf.unpack_bare(Reader.of(data)):
        if isinstance(item, Gap):
            found.append(item.reason)
        elif isinstance(item, Part) and depth:
            inner = read(item.content)
            if inner.startswith(b"1 0 obj"):
                found += _deep(inner, depth - 1)
    return found
