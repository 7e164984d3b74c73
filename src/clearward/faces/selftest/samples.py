"""What a self-test sends: the EICAR test file, and a file that nobody should block.

The test file is put together when it is needed, so that neither this file nor the wheel
is taken for it.

Source: eicar.org, "Anti Malware Testfile"; 68 bytes.
"""

from dataclasses import dataclass

_FIRST = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$"
_LAST = b"STANDARD", b"ANTIVIRUS", b"TEST", b"FILE!$H+H*"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file to send.

    Attributes:
        name: ``"eicar"`` or ``"clean"``.
        content: its bytes.
    """

    name: str
    content: bytes

    @property
    def bad(self) -> bool:
        """It has to be blocked."""
        return self.name == "eicar"


def clean() -> Sample:
    """Return the file that has to pass."""
    return Sample("clean", b"clearward selftest: this file is harmless\n")


def eicar() -> Sample:
    """Return the file that has to be blocked."""
    return Sample("eicar", _FIRST + b"-".join((b"EICAR", *_LAST)))


def mail(sample: Sample, sender: str, recipient: str) -> bytes:
    """Return a message that carries a sample, as an attachment and in no other way."""
    mark = "clearward-selftest-part"
    lines = [
        f"From: <{sender}>",
        f"To: <{recipient}>",
        f"Subject: clearward selftest ({sample.name})",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{mark}"',
        "",
        f"--{mark}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Sent by clearward selftest, to see whether attachments are scanned.",
        "",
        f"--{mark}",
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: 7bit",
        'Content-Disposition: attachment; filename="attached.txt"',
        "",
    ]
    head = "\r\n".join([*lines, ""]).encode("ascii", errors="backslashreplace")
    return head + sample.content + f"\r\n--{mark}--\r\n".encode()
