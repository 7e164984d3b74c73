"""Behaviour of what a part is said to be."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.kinds import MOST_EVIDENCE, NAMES, How, family, number
from clearward.core.reader import Reader
from clearward.formats.closed import CLOSED
from clearward.formats.identify import HEAD, identify
from clearward.formats.kinds.kind import kind_of
from clearward.formats.unpack import FORMATS

# These stand in parts of any kind.
WITHIN = {
    *("cards", "constants", "html", "macrosheet", "overlay", "resources", "scripts"),
}


def told(data: bytes) -> str:
    reader = Reader.of(data)
    return kind_of(data[:HEAD], reader, identify(data[:HEAD], reader)).name


def zipped(*names: str, mimetype: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


def program(magic: bytes) -> bytes:
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + magic + bytes(200)


def test_every_format_is_a_kind_of_the_same_name() -> None:
    names = {each.name for each in (*FORMATS, *CLOSED)} - WITHIN
    assert {name for name in names if name not in NAMES} == set()


def test_a_kind_that_is_not_listed_has_the_number_and_family_of_the_unknown() -> None:
    assert number("no such kind") == number("data") == 0
    assert family("no such kind") == "unknown"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
        (b"RIFF\1\0\0\0WAVEfmt ", "wav"),
        (program(b"PE\0\0"), "pe"),
        (program(b"NE\0\0"), "ne"),
        (program(b"none"), "dos"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(80), "java"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "heif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "mp4"),
        (b"\x1aE\xdf\xa3\x01webm", "webm"),
        (b"P5\n2 2\n255\n\0\0\0\0", "netpbm"),
        (bytes(2) + b"\x0b" + bytes(50) + b"TRUEVISION-XFILE.\0", "tga"),
        (zipped("word/document.xml"), "docx"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("sword/a.xml"), "zip"),
        (zipped("META-INF/MANIFEST.MF", "A.class"), "jar"),
        (zipped("AndroidManifest.xml", "META-INF/MANIFEST.MF"), "apk"),
        (zipped("a", mimetype="application/epub+zip"), "epub"),
        (zipped("a", mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (b"\xff\xfb\x90\x00" + bytes(413) + b"\xff\xfb\x90\x00" + bytes(413), "mp3"),
        (b"\xff\xfb\x90\x00" + bytes(500), "data"),
        (bytes(range(1, 200)), "data"),
    ],
)
def test_kinds_are_told_by_their_bytes(data: bytes, kind: str) -> None:
    assert told(data) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("#!/bin/sh\necho a\n", "shell"),
        ("#!/usr/bin/env -S python3.12 -u\nx = 1\n", "python"),
        ("#!/opt/own/thing\n\1\2", "script"),
        ("<?php echo 1; ?>", "php"),
        ("$a = New-Object Net.WebClient\nWrite-Host $a\n", "powershell"),
        ("@echo off\r\nset a=1\r\n", "batch"),
        ('Attribute VB_Name = "A"\r\nSub AutoOpen()\r\nEnd Sub\r\n', "vba"),
        ('On Error Resume Next\r\nSet a = CreateObject("b")\r\n', "vbscript"),
        ("function f(a) { return a; }\nvar b = f(1);\n", "javascript"),
        ("def f(a):\n    return a\n", "python"),
        ('{"a": [1, 2]}', "json"),
        ('<?xml version="1.0"?><a/>', "xml"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "svg"),
        ("<!DOCTYPE html><html><p>a</p></html>", "html"),
        ("[InternetShortcut]\r\nURL=http://a.example/\r\n", "url"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "ical"),
        ("-----BEGIN CERTIFICATE-----\nMII\n", "pem"),
        ("Dear all,\nnothing to see here.\n", "txt"),
    ],
)
def test_texts_are_told_by_their_words(text: str, kind: str) -> None:
    assert told(text.encode()) == kind
    if not text.startswith(("#!", "-----")):
        assert told(b"\xff\xfe" + text.encode("utf-16-le")) in (kind, "utf16")


def test_zeros_in_front_do_not_hide_a_page() -> None:
    assert told(bytes(5000) + b"<!DOCTYPE html><html><body>a</body></html>") == "html"


def test_the_evidence_stands_where_it_is_said() -> None:
    data = bytes(8) + b".FIT" + bytes(20)
    kind = kind_of(data, Reader.of(data))
    assert (kind.how, kind.offset, kind.evidence) == (How.MAGIC, 8, b".FIT")


@given(st.sampled_from([b"", b"PK\3\4", b"MZ", b"\x99\0", b"P5\n", b"#!"]), st.binary())
def test_anything_is_something(front: bytes, data: bytes) -> None:
    data = front + data
    kind = kind_of(data, Reader.of(data), identify(data, Reader.of(data)))
    assert kind.name in NAMES
    assert len(kind.evidence) <= MOST_EVIDENCE
    assert 0 <= kind.offset <= max(len(data), 1 << 32)


@given(st.integers(0x80, 0xFF), st.binary(min_size=11, max_size=14))
def test_short_packets_are_read_to_their_end(tag: int, data: bytes) -> None:
    packet = bytes((tag,)) + data
    assert kind_of(packet, Reader.of(packet)).name in NAMES
