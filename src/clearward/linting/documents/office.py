"""Documents of offices: OOXML and OpenDocument, ZIP archives of XML.

Source: ECMA-376, part 2 (packages); OASIS OpenDocument 1.2, part 3.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from clearward.linting.documents.document import Document, Written

_TIME = (2026, 3, 2, 9, 0, 0)  # of every member, so that the same is made each time
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_TYPES = "application/vnd.openxmlformats-officedocument"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def archive(members: Mapping[str, bytes], *, packed: bool) -> bytes:
    """Return a ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _TIME)
            first = name == "mimetype"
            info.compress_type = (
                zipfile.ZIP_DEFLATED if packed and not first else zipfile.ZIP_STORED
            )
            file.writestr(info, data)
    return made.getvalue()


def office(
    document: Document, forms: Sequence[bool] = (True, False)
) -> Iterator[Written]:
    """Yield it in the formats of offices.

    Args:
        document: which.
        forms: packed, as it is, or one of them.
    """
    name = document.marking
    for packed in forms:
        kind = "" if packed else ".stored"
        for ending, members in (
            ("docx", _docx(document)),
            ("xlsx", _xlsx(document)),
            ("pptx", _pptx(document)),
            ("odt", _odt(document)),
        ):
            data = archive(
                {key: text.encode() for key, text in members.items()}, packed=packed
            )
            yield Written(f"{name}{kind}.{ending}", data)


def _docx(document: Document) -> dict[str, str]:
    lines = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in document.lines
    )
    main = (
        f'{_XML}<w:document xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main">'
        f"<w:body>{lines}</w:body></w:document>"
    )
    return _package(document, "word/document.xml", "wordprocessingml.document", main)


def _xlsx(document: Document) -> dict[str, str]:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{escape(line)}</t></is></c>'
        "</row>"
        for n, line in enumerate(document.lines, 1)
    )
    space = f'xmlns="{_SCHEMAS}/spreadsheetml/2006/main"'
    relations = f"{_SCHEMAS}/officeDocument/2006/relationships"
    main = (
        f'{_XML}<workbook {space} xmlns:r="{relations}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    members = _package(document, "xl/workbook.xml", "spreadsheetml.sheet", main)
    members["xl/worksheets/sheet1.xml"] = (
        f"{_XML}<worksheet {space}><sheetData>{rows}</sheetData></worksheet>"
    )
    members["xl/_rels/workbook.xml.rels"] = _relations(
        f"{relations}/worksheet", "worksheets/sheet1.xml"
    )
    return members


def _pptx(document: Document) -> dict[str, str]:
    spaces = (
        f'xmlns:a="{_SCHEMAS}/drawingml/2006/main" '
        f'xmlns:p="{_SCHEMAS}/presentationml/2006/main"'
    )
    lines = "".join(
        f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in document.lines
    )
    main = f"{_XML}<p:presentation {spaces}/>"
    members = _package(
        document, "ppt/presentation.xml", "presentationml.presentation", main
    )
    members["ppt/slides/slide1.xml"] = (
        f"{_XML}<p:sld {spaces}><p:cSld><p:spTree><p:sp><p:txBody>{lines}"
        "</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    )
    return members


def _package(document: Document, part: str, kind: str, main: str) -> dict[str, str]:
    """Return the members that every package has, and its main part."""
    title = escape(document.marking)
    types = (
        f'{_XML}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{_TYPES}.{kind}.main+xml"/></Types>'
    )
    core = (
        f'{_XML}<cp:coreProperties xmlns:cp="{_SCHEMAS}/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>A. Writer</dc:creator>"
        f"<cp:keywords>{title}</cp:keywords></cp:coreProperties>"
    )
    relation = f"{_SCHEMAS}/officeDocument/2006/relationships/officeDocument"
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(relation, part),
        part: main,
        "docProps/core.xml": core,
    }


def _relations(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def _odt(document: Document) -> dict[str, str]:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in document.lines)
    kind = "application/vnd.oasis.opendocument.text"
    spaces = f'xmlns:office="{_OASIS}:office:1.0" xmlns:text="{_OASIS}:text:1.0"'
    return {
        "mimetype": kind,
        "content.xml": (
            f'{_XML}<office:document-content {spaces} office:version="1.2">'
            f"<office:body><office:text>{lines}</office:text></office:body>"
            "</office:document-content>"
        ),
        "META-INF/manifest.xml": (
            f'{_XML}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/></manifest:manifest>'
        ),
    }
