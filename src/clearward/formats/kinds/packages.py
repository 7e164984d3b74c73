"""Kinds that are told by the names in a container.

members of a zip archive                      office documents, packages
names in the directory of a compound file     office documents, mail, installers
"""

import re

from clearward.core.kinds import How, Kind
from clearward.core.reader import Reader

_ZIP_NAMES = (
    (re.compile(rb"mimetypeapplication/epub\+zip"), "epub"),
    (re.compile(rb"mimetypeapplication/hwp\+zip|Contents/content\.hpf"), "hwpx"),
    (re.compile(rb"mimetype.{0,40}?opendocument\.text"), "odt"),
    (re.compile(rb"mimetype.{0,40}?opendocument\.spreadsheet"), "ods"),
    (re.compile(rb"mimetype.{0,40}?opendocument\.presentation"), "odp"),
    (re.compile(rb"mimetype.{0,40}?opendocument\.graphics"), "odg"),
    (re.compile(rb"mimetype.{0,40}?(?:opendocument|sun\.xml|kformula)"), "odf"),
    (re.compile(rb"mimetypeapplication/vnd\.sun\.xml\.writer"), "odt"),
    (re.compile(rb"AndroidManifest\.xml|classes\.dex"), "apk"),
    (re.compile(rb"(?<![\w/.])word/"), "docx"),
    (re.compile(rb"(?<![\w/.])xl/"), "xlsx"),
    (re.compile(rb"(?<![\w/.])ppt/"), "pptx"),
    (re.compile(rb"(?<![\w/.])visio/"), "vsdx"),
    (re.compile(rb"Index/Document\.iwa|index\.(?:apxl|xml)(?:\.gz)?\Z"), "iwork"),
    (re.compile(rb"(?<![\w/.])doc\.kml"), "kmz"),
    (re.compile(rb"3D/3dmodel\.model"), "3mf"),
    (re.compile(rb"FixedDocSeq|Documents/1/Pages"), "xps"),
    (re.compile(rb"(?<![\w/.])Payload/[^/]{1,99}\.app/"), "ipa"),
    (re.compile(rb"extension\.vsixmanifest"), "vsix"),
    (re.compile(rb"\.nuspec"), "nupkg"),
    (re.compile(rb"META-INF/MANIFEST\.MF|\.class"), "jar"),
)
_LOCAL = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"
_MOST_MEMBERS = 400


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


# In the order in which they are asked for: a message may hold a document.
_STREAMS = (
    (_wide("__properties_version1.0"), "msg"),
    (_wide("__substg1.0_"), "msg"),
    (_wide("FileHeader\0"), "hwp"),
    (_wide("PowerPoint Document"), "ppt"),
    (_wide("PP97_DUALSTORAGE"), "ppt"),
    (_wide("PP40"), "ppt"),
    (_wide("WordDocument"), "doc"),
    (_wide("Workbook\0"), "xls"),
    (_wide("Book\0"), "xls"),
    (_wide("VisioDocument"), "visio"),
    (_wide("Quill\0"), "publisher"),
    (_wide("Props\0"), "project"),
    (_wide("MatOST"), "works"),
    (_wide("EncryptedPackage"), "ooxml"),
    (b"\x40\x48\x3f\x3b\xf2\x43\x38\x44", "msi"),  # _Columns, as installers write it
    (b"\x40\x48", "msi"),
    (_wide("Catalog\0"), "thumbs"),
)
_ENTRY_SIZE = 128
_MOST_ENTRIES = 4096


def archive(head: bytes, reader: Reader) -> Kind | None:
    """Tell documents and packages from other zip archives by their members' names."""
    if not head.startswith((_LOCAL, b"PK\x05\x06", b"PK00PK", b"PK\x07\x08PK")):
        return None
    tail = reader.at(max(reader.size - len(head), 0), len(head))
    names = b"\n".join((*_names(head, _LOCAL, 30, 26), *_names(tail, _ENTRY, 46, 28)))
    for pattern, name in _ZIP_NAMES:
        if found := pattern.search(names):
            return Kind(name, How.STRUCTURE, 0, found[0])
    return Kind("zip", How.MAGIC, 0, head[:4])


def _names(data: bytes, magic: bytes, size: int, place: int) -> list[bytes]:
    """Return names of members, and behind that of the first its content."""
    names: list[bytes] = []
    at = data.find(magic)
    while at >= 0 and len(names) < _MOST_MEMBERS:
        length = int.from_bytes(data[at + place : at + place + 2], "little")
        name = data[at + size : at + size + length]
        if name == b"mimetype" and magic == _LOCAL:
            extra = int.from_bytes(data[at + 28 : at + 30], "little")
            start = at + size + length + extra
            name += data[start : start + 80]
        names.append(name)
        at = data.find(magic, at + 4)
    return names


def compound(head: bytes, reader: Reader) -> Kind | None:
    """Tell what a compound file is by the names in its directory."""
    if not head.startswith((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x0e\x11\xfc\x0d")):
        return None
    shift = int.from_bytes(head[30:32], "little")
    size = 1 << shift if shift in (9, 12) else 512
    start = (int.from_bytes(head[48:52], "little") + 1) * size
    # The directory is a chain; its names are looked for all over the file.
    data = reader.at(start, _MOST_ENTRIES * _ENTRY_SIZE) + reader.at(0, 1 << 22)
    for name, kind in _STREAMS:
        if data.find(name) >= 0:
            return Kind(kind, How.STRUCTURE, max(start, 0), name)
    return Kind("ole", How.MAGIC, 0, head[:8])
