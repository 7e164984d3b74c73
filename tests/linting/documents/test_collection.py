"""The documents of a probe are what their names say, and the same each time."""

import io
import zipfile
import zlib
from collections import Counter
from email import message_from_bytes

import pytest

from clearward.linting.documents.collection import documents, everywhere
from clearward.linting.documents.compound import ole
from clearward.linting.documents.document import Document

DOCUMENT = Document("STRENG GEHEIM", ("Gr\u00fc\u00dfe (aus) {dem} <Haus> & Hof.",))
MADE = {one.name: one.data for one in everywhere(DOCUMENT)}


def test_the_same_documents_are_made_each_time() -> None:
    assert [one.data for one in everywhere(DOCUMENT)] == list(MADE.values())


def test_there_are_many_and_each_has_its_name() -> None:
    names = [one.name for one in documents()]
    assert len(names) > 2000
    endings = Counter(name.rpartition(".")[2] for name in names)
    assert {"txt", "html", "rtf", "eml", "csv", "docx", "xlsx", "pptx", "odt"} <= set(
        endings
    )
    assert {"pdf", "doc", "xls", "zip"} <= set(endings)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("docx", "word/document.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("pptx", "ppt/slides/slide1.xml"),
        ("odt", "content.xml"),
    ],
)
@pytest.mark.parametrize("kind", ["", ".stored"])
def test_office_files_hold_the_marking(name: str, member: str, kind: str) -> None:
    data = MADE[f"STRENG GEHEIM{kind}.{name}"]
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        assert b"STRENG GEHEIM" in file.read(member)
        assert (
            "Gr\u00fc\u00dfe (aus) {dem} &lt;Haus&gt; &amp; Hof."
            in file.read(member).decode()
        )


def test_a_page_of_a_packed_pdf_holds_it() -> None:
    data = MADE["STRENG GEHEIM.pdf"]
    start = data.index(b"stream\n") + len(b"stream\n")
    assert b"STRENG GEHEIM" in zlib.decompressobj().decompress(data[start:])
    assert b"(STRENG GEHEIM) Tj" in MADE["STRENG GEHEIM.plain.pdf"]


def test_the_table_of_a_pdf_is_right() -> None:
    data = MADE["STRENG GEHEIM.plain.pdf"]
    table = data[data.index(b"xref\n") :].splitlines()[3:]
    for number, row in enumerate(table[:6], 1):
        assert data[int(row.split()[0]) :].startswith(b"%d 0 obj" % number)


def test_mail_has_a_body() -> None:
    for name in ("STRENG GEHEIM.eml", "STRENG GEHEIM.base64.eml"):
        body = message_from_bytes(MADE[name]).get_payload(decode=True)
        assert isinstance(body, bytes)
        assert DOCUMENT.text == body.decode().replace("\r\n", "\n")


def test_rtf_is_ascii_and_balanced() -> None:
    data = MADE["STRENG GEHEIM.rtf"].decode("ascii")
    plain = data.replace("\\{", "").replace("\\}", "")
    assert plain.count("{") == plain.count("}")
    assert "Gr\\u252?\\u223?e" in data


def test_a_word_document_is_an_ole_file_with_wide_text() -> None:
    data = MADE["STRENG GEHEIM.doc"]
    assert data.startswith(b"\xd0\xcf\x11\xe0")
    assert "STRENG GEHEIM".encode("utf-16-le") in data
    assert len(ole({"a": b"x", "b": b"y" * 5000})) % 512 == 0


def test_old_encodings_are_used_where_they_can_be() -> None:
    made = {one.name: one.data for one in everywhere(Document("\u7edd\u5bc6", ()))}
    assert "\u7edd\u5bc6".encode("gb18030") in made["\u7edd\u5bc6.gb18030.txt"]
    assert "\u7edd\u5bc6.cp1251.txt" not in made
