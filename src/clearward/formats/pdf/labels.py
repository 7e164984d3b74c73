"""What people call the streams of a PDF: files by their names, forms, scripts.

    /XFA [(template) 7 0 R (datasets) 8 0 R]        XFA/template, XFA/datasets
    << /F (a.zip) /UF <FEFF...> /EF << /F 9 0 R >> >>   a.zip
    /JS 5 0 R                                       javascript

They are looked for in the bytes as they stand, so that what is packed in object streams
has the number of its object for a name. A wrong name does no harm.

Source: ISO 32000-1, 7.11.3, 12.6.4.16 and 12.7.8.
"""

import re
from collections.abc import Iterator

from clearward.formats.pdf.text import hexadecimal, readable, unescaped

MOST = 4096  # of each sort
AROUND = 2048  # bytes in which a name stands
LONGEST = 255  # bytes of a name

_FORMS = re.compile(rb"/XFA\s{0,8}\[([^\]]{1,4000})\]")
_FORM = re.compile(rb"\(([^()]{1,100})\)\s{0,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R\b")
_WHOLE_FORM = re.compile(rb"/XFA\s{1,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R\b")
_SCRIPT = re.compile(rb"/JS\s{1,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R\b")
_FILE = re.compile(
    rb"/EF\s{0,8}<<[^<>]{0,200}?/U?F\s{1,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R\b"
)
_NAME = re.compile(
    rb"/(UF|F)\s{0,8}(?:\(((?:[^()\\]|\\.){1,1000})\)|<([0-9A-Fa-f\s]{1,2000})>)",
    re.DOTALL,
)


def labels(data: bytes) -> dict[int, bytes]:
    """Return names of streams by the numbers of their objects."""
    found: dict[int, bytes] = {}
    for number, name in (*_forms(data), *_scripts(data), *_files(data)):
        found.setdefault(number, name)
    return found


def _forms(data: bytes) -> Iterator[tuple[int, bytes]]:
    for match in _each(_FORMS, data, b"/XFA"):
        for form in _FORM.finditer(match[1]):
            yield int(form[2]), b"XFA/" + form[1]
    for match in _each(_WHOLE_FORM, data, b"/XFA"):
        yield int(match[1]), b"XFA"


def _scripts(data: bytes) -> Iterator[tuple[int, bytes]]:
    for match in _each(_SCRIPT, data, b"/JS"):
        yield int(match[1]), b"javascript"


def _files(data: bytes) -> Iterator[tuple[int, bytes]]:
    for match in _each(_FILE, data, b"/EF"):
        before = max(data.rfind(b"obj", match.start() - AROUND, match.start()), 0)
        before = max(before, match.start() - AROUND)
        behind = data.find(b"endobj", match.end(), match.end() + AROUND)
        behind = behind if behind >= 0 else match.end() + AROUND
        around = data[before : match.start()] + data[match.end() : behind]
        names = {name[1]: _text(name) for name in _NAME.finditer(around)}
        if name := names.get(b"UF") or names.get(b"F"):
            yield int(match[1]), name


def _text(name: re.Match[bytes]) -> bytes:
    raw = hexadecimal(name[3]) if name[3] is not None else unescaped(name[2])
    return readable(raw)[:LONGEST]


def _each(
    expression: re.Pattern[bytes], data: bytes, mark: bytes
) -> Iterator[re.Match[bytes]]:
    """Yield matches that begin with a mark, which is quicker to find."""
    place = data.find(mark)
    for _ in range(MOST):
        if place < 0:
            return
        if (match := expression.match(data, place)) is not None:
            yield match
        place = data.find(mark, place + 1)
