"""Make a folder with something of each outcome: found, clean, and not scanned.

    python examples/make_demo.py FOLDER

Nothing in it can do harm: what is found is the EICAR test file, in a mail and in a zip.
"""

import base64
import os
import sys
import zipfile
from email.message import EmailMessage

# Put together at run time, so that no scanner mistakes this file for the test file.
EICAR = base64.b64decode(
    "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJE"
    "LUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
)
NOISE = 64  # bytes
LOCAL_HEADER = 30  # bytes in front of a member's name; APPNOTE.TXT 4.3.7
ENCRYPTED = 0x0001  # general purpose bit 0; APPNOTE.TXT 4.4.4


def zipped(name: str, content: bytes) -> bytes:
    """A zip with one stored member."""
    path = f"{name}.part"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    with open(path, "rb") as file:
        data = file.read()
    os.unlink(path)
    return data


def locked(data: bytes) -> bytes:
    """The same zip with its member marked as encrypted, and other noise for content."""
    changed = bytearray(data)
    content = LOCAL_HEADER + int.from_bytes(data[26:28], "little")
    changed[content : data.index(b"PK\1\2")] = os.urandom(NOISE)
    changed[6:8] = ENCRYPTED.to_bytes(2, "little")
    directory = changed.find(b"PK\1\2")
    changed[directory + 8 : directory + 10] = ENCRYPTED.to_bytes(2, "little")
    return bytes(changed)


def mail(attachment: bytes) -> bytes:
    """A mail that carries a zip."""
    message = EmailMessage()
    message["From"] = "sender@example.org"
    message["To"] = "receiver@example.org"
    message["Subject"] = "the document you asked for"
    message.set_content("See the attachment.\n")
    message.add_attachment(
        attachment, maintype="application", subtype="zip", filename="document.zip"
    )
    return message.as_bytes()


def main() -> None:
    """Write the folder."""
    os.makedirs(sys.argv[1], exist_ok=True)
    os.chdir(sys.argv[1])
    harmful = zipped("invoice.com", EICAR)
    files = {
        "letter.eml": mail(harmful),
        "invoice.zip": harmful,
        "secret.zip": locked(zipped("secret.txt", os.urandom(NOISE))),
        "notes.txt": b"Nothing to see here.\n",
        "photos.zip": zipped("photo.txt", b"A photo, in words.\n"),
    }
    for name, data in files.items():
        with open(name, "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
