"""Databases in one file: cvd, cld and cud.

    0    512  header, text padded with spaces:
              ClamAV-VDB:time:version:signatures:level:MD5:signature:builder:seconds
    512  ...  a tar, in a cvd compressed by gzip, of text files and an ``.info``

The .info holds a header like it, and for each file a line ``name:size:SHA-256``; its
last line may be ``DSIG:`` and a signature. A cvd is signed in its header, a cld in its
.info (it was changed after it came, so its header is not signed), a cud not at all. A
signature that is there has to be right, whatever the kind.
Nothing is read from a container before all of it was checked; one that is not what it
says is refused as a whole.

Source: docs.clamav.net, "Signatures" and "Database Info"; what clamscan 1.4.6 checks
of each kind was tried. Here the files of a cud and the MD5 in its header are checked,
too, if they are stated.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearward.core.limits import MIB
from clearward.core.names import Problem
from clearward.rules.clamav.archive import Member, members
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.seal import CLAMAV, Keys, signs_digest, signs_text
from clearward.rules.source import Source

KINDS = frozenset({"cvd", "cld", "cud"})
HEADER_SIZE = 512
_MAGIC = b"ClamAV-VDB"
_FIELDS = 9
_MOST_INFO = 1 * MIB
_UNSIGNED = b"X"
_number = re.compile(rb"[0-9]{1,18}").fullmatch
_md5 = re.compile(rb"[0-9a-f]{32}").fullmatch
_SEAL = re.compile(rb"^DSIG:([^\r\n]*)[\r\n]*\Z", re.MULTILINE).search
_LISTED = re.compile(rb"^([^:\r\n]+):([0-9]{1,12}):([0-9a-f]{64})\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Header:
    """What a container says about itself.

    Attributes:
        time: when it was built, as it is written.
        version: counts up with every change.
        signatures: how many there are.
        level: functionality level that it was made for.
        md5: of what follows the header, hexadecimal; ``X`` if not stated.
        signature: of that; ``X`` if not signed.
        builder: who built it.
        seconds: since 1970, UTC; 0 if not stated.
    """

    time: str
    version: int
    signatures: int
    level: int
    md5: bytes
    signature: bytes
    builder: str
    seconds: int


def read_header(data: bytes) -> Header:
    """Return what the header of a container says.

    Raises:
        Wrong: there is none.
    """
    fields = data[:HEADER_SIZE].rstrip(b" \0\r\n").split(b":")
    if len(data) < HEADER_SIZE or fields[0] != _MAGIC:
        raise Wrong("no header of a ClamAV database")
    if len(fields) not in {_FIELDS, _FIELDS - 1}:
        raise Wrong(f"a header of {len(fields)} fields, not {_FIELDS}")
    for field in (2, 3, 4, *range(8, len(fields))):
        if _number(fields[field]) is None:
            raise Wrong("not a number in the header", field + 1)
    text = [field.decode("latin-1") for field in fields]
    return Header(
        text[1],
        int(text[2]),
        int(text[3]),
        int(text[4]),
        fields[5],
        fields[6],
        text[7],
        int(text[8]) if len(fields) == _FIELDS else 0,
    )


def unpack(source: Source, keys: Keys = CLAMAV) -> Iterator[Source | Problem]:
    """Yield the files in a container as sources, labelled with both names.

    Args:
        source: of a kind in `KINDS`.
        keys: who has to have signed.

    Yields:
        Sources whose kind is the ending of the file's name; or one problem, fatal and
        nothing else, if the container is not what it says.
    """
    try:
        _check(source, keys)
    except Wrong as wrong:
        yield Problem(source.number, 0, wrong.field, str(wrong), fatal=True)
        return
    for member in members(_content(source)):
        kind = member.name.rpartition(".")[2].lower()
        text = b"".join(member.pieces)
        if member.name != "COPYING" and kind != "info":
            label = f"{source.label}/{member.name}"
            yield Source(source.number, label, kind, source.origin, text)


def _content(source: Source) -> memoryview:
    return memoryview(source.text)[HEADER_SIZE:]


def _check(source: Source, keys: Keys) -> None:
    """Check all of a container.

    Raises:
        Wrong: it is damaged, or not signed as its kind demands.
    """
    header = read_header(source.text[:HEADER_SIZE])
    if source.kind == "cvd" or (source.kind == "cud" and header.md5 != _UNSIGNED):
        made = hashlib.md5(_content(source), usedforsecurity=False)
        if _md5(header.md5) is None or made.hexdigest().encode() != header.md5:
            raise Wrong("what follows the header is not what its MD5 says", 6)
        if source.kind == "cvd" and not signs_digest(
            header.signature, made.digest(), keys.header
        ):
            raise Wrong("the digital signature in the header is wrong", 7)
    found, info = _walk(source)
    _check_seal(info, keys, needed=source.kind == "cld")
    if info:
        _check_listed(found, info)


def _walk(source: Source) -> tuple[dict[bytes, tuple[int, bytes]], bytes]:
    """Return size and digest of every member, and the text of the .info if any."""
    found: dict[bytes, tuple[int, bytes]] = {}
    info = b""
    for member in members(_content(source)):
        if member.name.endswith(".info"):
            if info:
                raise Wrong("a second .info")
            info = _text(member)
            continue
        name = member.name.encode()
        if name in found:
            raise Wrong("two members of one name")
        digest = hashlib.sha256()
        for piece in member.pieces:
            digest.update(piece)
        found[name] = member.size, digest.hexdigest().encode()
    return found, info


def _text(member: Member) -> bytes:
    if member.size > _MOST_INFO:
        raise Wrong(f"an .info of more than {_MOST_INFO} bytes")
    return b"".join(member.pieces)


def _check_seal(info: bytes, keys: Keys, *, needed: bool) -> None:
    seal = _SEAL(info)
    if seal is None:
        if needed:
            raise Wrong("no digital signature")
    elif not signs_text(seal[1], info[: seal.start()], keys.info):
        raise Wrong("the digital signature in the .info is wrong")


def _check_listed(found: dict[bytes, tuple[int, bytes]], info: bytes) -> None:
    """Compare the members with the list of them; the licence is not in it."""
    listed = {line[1]: (int(line[2]), line[3]) for line in _LISTED.finditer(info)}
    for name, said in listed.items():
        if found.get(name) != said:
            raise Wrong("a member is missing, or not what the .info says")
    if not set(found) <= set(listed) | {b"COPYING"}:
        raise Wrong("a member that the .info does not list")
