"""What lies inside PDF files is looked at, and named: claims, each with a file."""

import hashlib
import zlib
from base64 import b64encode

import pytest
from Cryptodome.Cipher import AES, ARC4
from support.inside import MARK, seen, zipped
from support.pdf import document, entry, object_stream, stream

from clearward.core.reasons import Reason
from clearward.formats.pdf.locks import PADDING

ARCHIVE = zipped({"b.js": MARK * 2})
FLATE = b"/Filter/FlateDecode"
FILE = b"<</Type/Filespec/F(a.zip)/EF<</F 3 0 R>>>>"
FORMS = b"<</AcroForm<</XFA[(preamble)4 0 R(template)3 0 R]>>>>"
HEX = MARK.hex().encode()
CALL = b'eval\\(atob\\("%b"\\)\\)' % b64encode(ARCHIVE)


def packed(number: int, content: bytes, keys: bytes = b"") -> bytes:
    """A stream with its content deflated."""
    return stream(number, zlib.compress(content), FLATE + keys)


def listed(*objects: bytes) -> bytes:
    """A stream of objects, deflated."""
    keys, content = object_stream(10, objects)
    return packed(2, content, keys)


@pytest.mark.parametrize(
    ("data", "way"),
    [
        pytest.param(
            document(entry(1, FILE), packed(3, ARCHIVE)), "a.zip > b.js", id="file"
        ),
        pytest.param(
            document(entry(1, FORMS), packed(3, MARK)), "XFA/template", id="XFA"
        ),
        pytest.param(
            document(entry(1, b"<</S/JavaScript/JS 3 0 R>>"), packed(3, MARK)),
            "javascript",
            id="script in a stream",
        ),
        pytest.param(
            document(listed(b"<</S/JavaScript/JS(" + MARK + b")>>")),
            "javascript",
            id="script in an object stream",
        ),
        pytest.param(
            document(entry(1, b"<</JavaScript<</Names[(a)<</JS<%b>>>]>>>>" % HEX)),
            "javascript",
            id="script by name",
        ),
        pytest.param(
            document(entry(1, b"<</S/JavaScript/JS(%b)>>" % CALL)),
            "javascript > base64@11 > b.js",
            id="blob in a script",
        ),
        pytest.param(
            document(entry(1, b"<</S/Launch/Win<</F(a)/P(%b)>>>>" % MARK)),
            "actions",
            id="launch",
        ),
        pytest.param(
            document(listed(b"<</S/Launch/Win<</F(a)/P<%b>>>>>" % HEX)),
            "actions",
            id="launch in an object stream",
        ),
    ],
)
def test_what_a_document_holds_has_its_way(data: bytes, way: str) -> None:
    told = seen(data)
    assert way in told.ways
    assert not told.reasons


@pytest.mark.parametrize(
    "action",
    [
        b"<</S/URI/URI(http://a.example/x)>>",
        b"<</S/SubmitForm/F<</FS/URL/F(http://a.example/x)>>>>",
        b"<</S/GoToR/F(http://a.example/x)>>",
    ],
)
def test_what_a_document_fetches_is_told(action: bytes) -> None:
    assert seen(document(entry(1, action))).links == {"http://a.example/x"}
    assert seen(document(listed(action))).links == {"http://a.example/x"}


def padded(data: bytes) -> bytes:
    size = 16 - len(data) % 16
    return data + bytes((size,)) * size


def hexadecimal(raw: bytes) -> bytes:
    return b"<" + raw.hex().encode() + b">"


def rc4() -> bytes:
    """Encrypted as ISO 32000-1, 7.6.3, algorithm 2, revision 2 says."""
    owner, identity = b"o" * 32, b"i" * 16

    def md5(data: bytes) -> bytes:
        return hashlib.md5(data, usedforsecurity=False).digest()

    key = md5(PADDING + owner + b"\xfc\xff\xff\xff" + identity)[:5]
    own = md5(key + b"\3\0\0\0\0")[:10]
    content = ARC4.new(own).encrypt(zlib.compress(ARCHIVE))
    user = ARC4.new(key).encrypt(PADDING)
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O %b/U %b>>"
    return document(
        stream(3, content, FLATE),
        entry(9, lock % (hexadecimal(owner), hexadecimal(user))),
        trailer=b"/Encrypt 9 0 R/ID[%b %b]" % ((hexadecimal(identity),) * 2),
    )


def hardened(password: bytes, salt: bytes) -> bytes:
    """ISO 32000-2, 7.6.4.3.4, algorithm 2.B."""
    key = hashlib.sha256(password + salt).digest()
    done, last = 0, 0
    while done < 64 or last > done - 32:
        cipher = AES.new(key[:16], AES.MODE_CBC, key[16:32])
        data = cipher.encrypt((password + key) * 64)
        name = ("sha256", "sha384", "sha512")[sum(data[:16]) % 3]
        key = hashlib.new(name, data).digest()
        last = data[-1]
        done += 1
    return key[:32]


def aes(password: bytes) -> bytes:
    """Encrypted with 256 bits as revision 6 says, with this password."""
    key = bytes(range(32))
    user = hardened(password, b"verified") + b"verified" + b"the keys"
    wrapping = AES.new(hardened(password, b"the keys"), AES.MODE_CBC, bytes(16))
    cipher = AES.new(key, AES.MODE_CBC, b"v" * 16)
    content = b"v" * 16 + cipher.encrypt(padded(zlib.compress(ARCHIVE)))
    lock = (
        b"<</Filter/Standard/V 5/R 6/P -4/O %b/U %b/UE %b"
        b"/CF<</StdCF<</CFM/AESV3>>>>/StmF/StdCF/StrF/StdCF>>"
    )
    values = (b"o" * 48, user, wrapping.encrypt(key))
    return document(
        stream(3, content, FLATE),
        entry(9, lock % tuple(map(hexadecimal, values))),
        trailer=b"/Encrypt 9 0 R/ID[<00><00>]",
    )


@pytest.mark.parametrize("data", [rc4(), aes(b"")], ids=["RC4", "AES-256"])
def test_what_asks_for_no_password_is_opened(data: bytes) -> None:
    told = seen(data)
    assert "object 3 > b.js" in told.ways
    assert not told.reasons


def test_what_asks_for_one_is_encrypted() -> None:
    assert Reason.ENCRYPTED in seen(aes(b"a good one")).reasons


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(b"", id="none"),
        pytest.param(b"xref\n0 99\nnonsense\nstartxref\n99999\n%%EOF", id="nonsense"),
        pytest.param(b"startxref\n0\n%%EOF", id="to the front"),
        pytest.param(b"xref\n0 4294967295\nstartxref\n9\n%%EOF", id="endless"),
    ],
)
def test_a_damaged_table_of_places_hides_nothing(end: bytes) -> None:
    whole = document(packed(3, ARCHIVE), listed(b"<</JS(" + MARK + b")>>"))
    data = whole[: whole.index(b"trailer")] + end
    assert {"object 3 > b.js", "javascript"} <= seen(data).ways
