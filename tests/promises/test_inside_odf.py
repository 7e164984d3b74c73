"""What lies inside documents of OpenDocument is looked at; each claim with a file."""

import hashlib
import zipfile
import zlib
from base64 import b64encode
from io import BytesIO

import pytest
from Cryptodome.Cipher import AES, Blowfish
from hypothesis import given
from hypothesis import strategies as st
from support.inside import MARK, seen, zipped
from support.ole import compound, packaged

from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats import odf

KIND = b"application/vnd.oasis.opendocument.text"
ARCHIVE = zipped({"b.js": MARK * 2})
MACRO = b'<?xml version="1.0"?><script:module>' + MARK + b"</script:module>"
NATIVE = compound({"\x01Ole10Native": packaged(b"a.zip", ARCHIVE)})
SALT = bytes(range(16))
ROUNDS = 1024
ENTRY = (
    '<manifest:file-entry manifest:full-path="{name}" manifest:size="9">'
    '<manifest:encryption-data manifest:checksum-type="{check}-1k" '
    'manifest:checksum="{checksum}"><manifest:algorithm manifest:algorithm-name='
    '"{method}" manifest:initialisation-vector="{vector}"/><manifest:key-derivation '
    'manifest:key-derivation-name="{derivation}" manifest:key-size="{size}" '
    'manifest:iteration-count="{rounds}" manifest:salt="{salt}"/>'
    "<manifest:start-key-generation manifest:start-key-generation-name="
    '"http://www.w3.org/2000/09/xmldsig#{check}" manifest:key-size="20"/>'
    "</manifest:encryption-data></manifest:file-entry>"
)
PLAIN = '<manifest:file-entry manifest:full-path="/" manifest:media-type="a/b"/>'
LIST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
    'manifest:1.0">{}</manifest:manifest>'
)


def document(members: dict[str, bytes]) -> bytes:
    """A document whose first member says what it is, as all are written."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in ({"mimetype": KIND} | members).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("Basic/Standard/Module1.xml", MACRO, ""),
        ("Scripts/python/a.py", b"# " + MARK, ""),
        ("Object 1/content.xml", MARK, ""),
        ("ObjectReplacements/Object 1", MARK, ""),
        ("Object 2", NATIVE, "C:\\a\\a.zip > b.js"),
    ],
)
def test_macros_and_objects_have_their_ways(
    name: str, content: bytes, way: str
) -> None:
    told = seen(document({name: content}))
    assert (f"{name} > {way}" if way else name) in told.ways
    assert not told.reasons


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def locked(name: str, content: bytes, password: str, **said: str) -> tuple[str, bytes]:
    """What the manifest says of an encrypted file, and the file."""
    packing = zlib.compressobj(wbits=-15)
    plain = packing.compress(content) + packing.flush()
    check = said.get("check", "sha256")
    start = hashlib.new(check, password.encode()).digest()
    size = 32 if "blowfish" not in said.get("method", "").lower() else 16
    key = hashlib.pbkdf2_hmac("sha1", start, SALT, ROUNDS, size)
    checksum = hashlib.new(check, plain[:1024]).digest()
    if size == 16:
        vector = bytes(8)
        cipher = Blowfish.new(  # noqa: S304 - as the format has it
            key, Blowfish.MODE_CFB, vector, segment_size=64
        )
        data = cipher.encrypt(plain + bytes(-len(plain) % 8))[: len(plain)]
    else:
        vector = bytes(16)
        padded = plain + bytes(15 - len(plain) % 16)
        padded += bytes((16 - len(plain) % 16,))
        data = AES.new(key, AES.MODE_CBC, vector).encrypt(padded)
    fields = {
        "name": name,
        "check": check,
        "checksum": b64(checksum),
        "method": "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        "vector": b64(vector),
        "derivation": "PBKDF2",
        "size": str(size),
        "rounds": str(ROUNDS),
        "salt": b64(SALT),
    }
    return ENTRY.format(**fields | said), data


def encrypted(password: str, **said: str) -> bytes:
    """A document with two encrypted files and one that is not."""
    one, text = locked("content.xml", b"<a>" + MARK, password, **said)
    two, macro = locked("Basic/Standard/Module1.xml", MACRO, password, **said)
    listed = LIST.format(PLAIN + one + two).encode()
    return document(
        {
            "content.xml": text,
            "Basic/Standard/Module1.xml": macro,
            "meta.xml": b"<a/>",
            "META-INF/manifest.xml": listed,
        }
    )


METHODS = [
    {},
    {"method": "Blowfish CFB", "check": "sha1"},
    {"method": "urn:x:blowfish"},
]


@pytest.mark.parametrize("said", METHODS)
def test_documents_with_a_usual_password_are_opened(said: dict[str, str]) -> None:
    told = seen(encrypted("infected", **said))
    assert {"content.xml", "Basic/Standard/Module1.xml"} <= told.ways
    assert not told.reasons


@pytest.mark.parametrize(
    "said",
    [
        {"derivation": "urn:org:documentfoundation:argon2id"},
        {"method": "http://www.w3.org/2009/xmlenc11#aes256-gcm"},
        {"rounds": "99999999999"},
        {"salt": "?"},
        {"size": "99"},
    ],
)
def test_what_is_not_known_stays_encrypted(said: dict[str, str]) -> None:
    assert seen(encrypted("infected", **said)).reasons == Reason.ENCRYPTED


def test_documents_with_another_password_are_encrypted() -> None:
    assert seen(encrypted("a good one")).reasons == Reason.ENCRYPTED


def test_a_file_that_the_password_does_not_open_is_named() -> None:
    one, text = locked("content.xml", MARK, "infected")
    two, other = locked("a.xml", MARK * 99, "another")
    listed = LIST.format(one + two).encode()
    files = {"content.xml": text, "a.xml": other, "META-INF/manifest.xml": listed}
    told = seen(document(files))
    assert "content.xml" in told.ways
    assert told.unread == {"a.xml": Reason.ENCRYPTED}


@given(st.binary(max_size=300))
def test_any_manifest_is_read(text: bytes) -> None:
    one, data = locked("content.xml", MARK, "infected")
    broken = one.encode()[: len(text) * 3] + text
    seen(document({"content.xml": data, "META-INF/manifest.xml": broken}))
    list(odf.unpack_manifest(Reader.of(text)))
