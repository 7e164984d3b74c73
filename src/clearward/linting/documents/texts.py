"""Documents as text: plain in several encodings, HTML, RTF, CSV, mail."""

import base64
from collections.abc import Iterator
from contextlib import suppress
from html import escape

from clearward.linting.documents.document import Document, Written

_OLD = ("cp1252", "cp1250", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256")
_ASIAN = ("gb18030", "big5", "shift_jis", "euc-kr")
_LAST = 0x7F  # of ASCII


def plain(document: Document) -> Iterator[Written]:
    """Yield it as plain text in the encodings that can write it."""
    name, text = document.marking, document.text
    yield Written(f"{name}.txt", text.encode())
    yield Written(f"{name}.upper.txt", text.upper().encode())
    yield Written(f"{name}.lower.txt", text.lower().encode())
    yield Written(f"{name}.title.txt", text.title().encode())
    yield Written(f"{name}.mark.txt", document.marking.encode())
    yield Written(f"{name}.bom.txt", text.encode("utf-8-sig"))
    yield Written(f"{name}.utf16.txt", text.encode("utf-16"))
    yield Written(f"{name}.utf16be.txt", b"\xfe\xff" + text.encode("utf-16-be"))
    yield Written(f"{name}.wide.txt", text.lower().encode("utf-16-le"))
    yield Written(f"{name}.b64", base64.encodebytes(text.encode()))
    if not document.marking.isascii():
        for code in (*_OLD, *_ASIAN):
            with suppress(UnicodeEncodeError):
                document.marking.encode(code)
                yield Written(f"{name}.{code}.txt", text.encode(code, "replace"))


def marked_up(document: Document) -> Iterator[Written]:
    """Yield it as HTML, XML, RTF, CSV and Markdown."""
    name = document.marking
    body = "".join(f"<p>{escape(line)}</p>\n" for line in document.paragraphs)
    head = escape(name)
    html = (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{head}</title>'
        f"</head>\n<body><h1>{head}</h1>\n{body}</body></html>\n"
    )
    yield Written(f"{name}.html", html.encode())
    xml = f'<?xml version="1.0"?>\n<report class="{head}">\n{body}</report>\n'
    yield Written(f"{name}.xml", xml.encode())
    rows = "".join(f'{n};"{line}"\r\n' for n, line in enumerate(document.lines))
    yield Written(f"{name}.csv", f"number;text\r\n{rows}".encode())
    yield Written(f"{name}.rtf", rtf(document))
    yield Written(f"{name}.md", f"# {name}\n\n{document.text}".encode())


def rtf(document: Document) -> bytes:
    """Return it as RTF, version 1."""
    lines = "".join(f"{_rtf_text(line)}\\par\n" for line in document.lines)
    info = f"{{\\info{{\\title {_rtf_text(document.marking)}}}{{\\author A. Writer}}}}"
    font = "{\\fonttbl{\\f0 Calibri;}}"
    return f"{{\\rtf1\\ansi\\deff0{font}{info}\n\\f0 {lines}}}".encode("ascii")


def mail(document: Document) -> Iterator[Written]:
    """Yield it as mail: plain, quoted by nobody, and with a coded body."""
    head = (
        "From: Office <office@example.org>\r\nTo: Desk <desk@example.org>\r\n"
        "Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    )
    title = base64.b64encode(document.marking.encode()).decode()
    subject = f"Subject: =?utf-8?B?{title}?=\r\n"
    if document.marking.isascii():
        subject = f"Subject: {document.marking}\r\n"
    plainly = f"{head}{subject}Content-Transfer-Encoding: 8bit\r\n\r\n{document.text}"
    yield Written(f"{document.marking}.eml", plainly.encode())
    coded = base64.encodebytes(document.text.encode()).decode()
    coded = f"{head}{subject}Content-Transfer-Encoding: base64\r\n\r\n{coded}"
    yield Written(f"{document.marking}.base64.eml", coded.encode())


def _rtf_text(text: str) -> str:
    """Return text with everything outside of ASCII as UTF-16 units of RTF."""
    made = []
    for one in text:
        if one in "\\{}":
            made.append("\\" + one)
        elif ord(one) <= _LAST:
            made.append(one)
        else:
            raw = one.encode("utf-16-le")
            for place in range(0, len(raw), 2):
                unit = int.from_bytes(raw[place : place + 2], "little", signed=True)
                made.append(f"\\u{unit}?")
    return "".join(made)
