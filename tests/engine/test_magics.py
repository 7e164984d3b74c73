"""Behaviour of magics that databases add (ftm) in a scan."""

import io
import zipfile

from support.scans import Scan

MARK = b"marker"
TARGETS = "".join(f"T{n}:{n}:*:{MARK.hex()}\n" for n in (0, 1, 5, 7, 10))
BINARY = bytes(range(128, 255)) * 2


def test_a_database_adds_a_type() -> None:
    scan = Scan(ftm="0:0:4d414749:x:CL_TYPE_ANY:CL_TYPE_PDF\n", ndb=TARGETS)
    assert set(scan.names(b"MAGI" + BINARY + MARK)) == {"T0", "T10"}
    assert set(scan.names(b"MAGI text marker")) == {"T0", "T10"}
    assert set(scan.names(b"GIF89a" + BINARY + MARK)) == {"T0", "T5"}
    assert scan.table.left == ()


def test_types_that_are_built_in_stay_what_they_are() -> None:
    ftm = (
        "0:0:504b0304:ZIP:CL_TYPE_ANY:CL_TYPE_ZIP\n1:*:4d41:x:CL_TYPE_ANY:CL_TYPE_PDF\n"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("word/document.xml", MARK * 3)
    ldb = "Doc;Engine:81-255,Target:0,Container:CL_TYPE_OOXML_WORD;0;" + MARK.hex()
    scan = Scan(ftm=ftm, ldb=ldb, ndb=TARGETS)
    assert "Doc" in scan.names(out.getvalue())
    assert set(scan.names(b"GIF89a MA" + BINARY + MARK)) == {"T0", "T5"}
    assert set(scan.names(b"text MA marker")) == {"T0", "T10"}
