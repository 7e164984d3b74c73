"""Build scripts of AutoIt, by the rules of their versions."""

import struct
import zlib

from clearward.formats.installers.autoit import FILE, MAGIC, MARK, VERSIONS, Version
from clearward.formats.installers.autoit_keys import uncovered

PASSWORD = bytes(range(16))


def bits(text: str) -> bytes:
    """Bytes of bits, the highest of a byte first."""
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


def packed(data: bytes, version: bytes) -> bytes:
    """Data as AutoIt packs them; a byte that is repeated becomes a match."""
    plain, match = ("0", "1") if version == b"EA05" else ("1", "0")
    text = ""
    at = 0
    while at < len(data):
        run = 0
        while at > 0 and at + run < len(data) and data[at + run] == data[at - 1]:
            run += 1
        if run >= 3:
            text += match + f"{1:015b}" + length(run)
            at += run
        else:
            text += plain + f"{data[at]:08b}"
            at += 1
    return version + struct.pack(">I", len(data)) + bits(text)


def length(run: int) -> str:
    """The bits of the length of a match."""
    for count, added, before in ((2, 3, 0), (3, 6, 2), (5, 13, 5), (8, 44, 10)):
        if run - added < (1 << count) - 1:
            return "1" * before + f"{run - added:0{count}b}"
    more, rest = divmod(run - 299, 255)
    return "1" * (18 + 8 * more) + f"{rest:08b}"


def script(*records: bytes, version: bytes) -> bytes:
    """A script of these records."""
    return MAGIC + MARK + version + PASSWORD + b"".join(records) + MARK + version


def record(
    kind: str, path: str, data: bytes, version: bytes, pack: bytes = b""
) -> bytes:
    """A record of a file; `pack` names how it is packed, if it is."""
    rules = VERSIONS[version]
    content = packed(data, pack) if pack else data
    seed = rules.content + sum(PASSWORD) * rules.summed
    return (
        uncovered(FILE, rules.keys(rules.file))
        + word(kind, rules, rules.kind)
        + word(path, rules, rules.path)
        + bytes((bool(pack),))
        + struct.pack("<I", len(content) ^ rules.size)
        + struct.pack("<I", len(data) ^ rules.size)
        + struct.pack("<I", zlib.adler32(content) ^ rules.checksum)
        + bytes(16)
        + uncovered(content, rules.keys(seed))
    )


def word(text: str, rules: Version, change: tuple[int, int]) -> bytes:
    """A covered word behind its length."""
    data = text.encode("utf-16-le" if rules.letter > 1 else "latin-1")
    number, seed = change
    covered = uncovered(data, rules.keys(seed + len(text)))
    return struct.pack("<I", len(text) ^ number) + covered


def token(kind: int, text: str) -> bytes:
    """A token with a text."""
    key = len(text) & 0xFFFF
    units = struct.unpack(f"<{len(text)}H", text.encode("utf-16-le"))
    changed = struct.pack(f"<{len(text)}H", *(unit ^ key for unit in units))
    return bytes((kind,)) + struct.pack("<I", len(text)) + changed
