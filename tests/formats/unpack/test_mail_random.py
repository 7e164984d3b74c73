"""Behaviour of the mail reader towards mail that nobody thought of."""

import time
from email.message import EmailMessage, Message
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.mail import MIXED, opened, opened_deep, uuencode


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(b"--X\n", id="boundaries"),
        pytest.param(b"--X--\n", id="ends"),
        pytest.param(b"--X\nContent-Type: a/b\n\nx\n", id="sections"),
        pytest.param(b"--\n", id="hyphens"),
        pytest.param(b"-", id="one line"),
        pytest.param(b"\r", id="carriage returns"),
        pytest.param(b"--X\nContent-Type: multipart/x; boundary=X\n", id="multiparts"),
        pytest.param(b"--Y\nContent-Type: a/b\n", id="not declared"),
        pytest.param(b"Content-Transfer-Encoding: base64\n", id="fields"),
        pytest.param(b"Content-Transfer-Encoding: base64\n\n", id="headers"),
        pytest.param(b"begin 644 a\n", id="files"),
    ],
)
def test_a_flood_takes_linear_time(flood: bytes) -> None:
    message = MIXED + flood * (200_000 // len(flood))
    before = time.process_time()
    opened(message)
    assert time.process_time() - before < 3


BODIES = st.binary(max_size=200)
ENCODINGS = st.sampled_from(["7bit", "base64", "quoted-printable", "8bit", "uuencode"])


def attachment(data: bytes, encoding: str) -> EmailMessage:
    made = EmailMessage()
    if encoding in {"base64", "quoted-printable"}:
        made.set_content(data, "application", "octet-stream", cte=encoding)
        return made
    made["Content-Type"] = "application/octet-stream"
    made["Content-Transfer-Encoding"] = encoding
    text = uuencode(data) + b"`\nend\n" if encoding == "uuencode" else data
    made.set_payload(text.decode("ascii", "surrogateescape"))
    return made


@st.composite
def messages(draw: st.DrawFn, depth: int = 3) -> EmailMessage:
    kind = draw(st.sampled_from(["leaf", "multipart", "attached"]))
    if depth == 0 or kind == "leaf":
        encoding = draw(ENCODINGS)
        if encoding in {"7bit", "8bit"}:
            data = draw(st.text("ab :.\n", max_size=80)).encode()
        else:
            data = draw(BODIES)
        return attachment(data, encoding)
    made = EmailMessage()
    if kind == "attached":
        made["Content-Type"] = "message/rfc822"
        inner = draw(messages(depth - 1))
        inner["From"] = inner["To"] = "a@example.org"
        made.attach(inner)
        return made
    made["Content-Type"] = "multipart/mixed"
    for part in draw(st.lists(messages(depth - 1), min_size=1, max_size=3)):
        made.attach(part)
    return made


def payloads(message: Message) -> list[bytes]:
    """What the standard library reads from each leaf."""
    found = []
    for part in message.walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            found.append(payload)
    return found


def without_line_ends(data: bytes) -> bytes:
    return data.replace(b"\r", b"").rstrip(b"\n")


@settings(deadline=None)
@given(messages(), st.booleans())
def test_what_the_standard_library_reads_is_among_the_parts(
    message: EmailMessage,
    smtp: bool,  # noqa: FBT001 - drawn
) -> None:
    message["From"] = message["To"] = "a@example.org"
    data = message.as_bytes(policy=SMTP) if smtp else message.as_bytes()
    parts = set(map(without_line_ends, opened_deep(data)))
    assert parts.issuperset(map(without_line_ends, payloads(message)))


WORDS = st.sampled_from(
    b"\n|\r\n|--X|--|-----BEGIN PGP MESSAGE|boundary=X|;| |Content-Type:|base64|QUJD"
    b"|=41|Content-Transfer-Encoding:|multipart/mixed|message/rfc822|begin 644 a"
    b'|=ybegin a|x-uuencode|charset=utf-7|application/pkcs7-mime|"|(|)'.split(b"|")
)


@given(st.lists(WORDS | st.binary(max_size=5), max_size=30).map(b"".join))
def test_arbitrary_bytes_behind_a_header_give_parts_and_no_error(data: bytes) -> None:
    for message in (data, MIXED + data):
        for part in opened(message):
            assert len(part) <= 64 * (len(message) + 1)
