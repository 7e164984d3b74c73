"""Indicators from files and everything inside them."""

import io
import zipfile
from email.message import EmailMessage

from support.pdf import document, entry, stream

from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.engine.extracting import extract
from clearward.formats import heavy, opened
from clearward.indicators.found import Found


def found(data: bytes, limits: Limits | None = None) -> tuple[list[str], Reason]:
    heavy.load()
    opened.load()
    told: list[Found] = []
    result, _ = extract(Reader.of(data), limits or Limits(), told.extend)
    return [one.value for one in told], result.reasons


def zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.txt", data)
    return packed.getvalue()


def test_a_mail_is_read_with_what_it_holds() -> None:
    mail = EmailMessage()
    mail["From"] = "a@evil.example"
    mail.set_content("see hxxp://deep[.]example/" + "a" * 90, cte="quoted-printable")
    mail.add_alternative("<p>evil<b>[.]</b>com</p>", subtype="html")
    mail.add_attachment(zipped(b"1[.]2[.]3[.]4"), maintype="a", subtype="zip")
    values, reasons = found(mail.as_bytes())
    deep = "http://deep.example/" + "a" * 90
    assert set(values) == {"a@evil.example", deep, "evil.com", "1.2.3.4"}
    assert reasons == NONE


def test_a_pdf_is_read_as_it_is_shown() -> None:
    content = stream(4, b"BT [(evil)-20([.]c)10(om)] TJ ET")
    link = entry(5, b"<< /S /URI /URI (http://link.example/p) >>")
    values, _ = found(document(content, link))
    assert values == ["http://link.example/p", "evil.com"]


def test_what_is_too_deep_is_said() -> None:
    values, reasons = found(zipped(b"evil.com"), Limits(depth=0))
    assert (values, reasons) == ([], Reason.DEPTH_LIMIT)


def test_a_program_has_no_text() -> None:
    assert found(b"\x7fELF\0\0\0\0\0\0\0\0 evil.com")[0] == []
