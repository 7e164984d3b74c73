"""What digest lists and ClamAV's signatures look for.

    digest  name                     lists of digests
    digest:size:name                 hdb, hsb
    name:target:offset:body          ndb
    name;target;expression;body;...  ldb

A digest can stand for one document, so its name must say what kind of malware it is. A
list with digests whose names do not is one finding, whatever their number.
"""

import re
from collections.abc import Iterator

from clearward.core.names import printable
from clearward.rules import hashes
from clearward.rules.clamav.lines import lines
from clearward.rules.lint import decode, language, phrases
from clearward.rules.lint.finding import DOCUMENT_WORDS, MARKING, OPAQUE_HASH, Finding
from clearward.rules.lint.language import Said
from clearward.rules.lint.patterns import hexadecimal, regex
from clearward.rules.source import Source

DIGESTS = frozenset(("hdb", "hdu", "hsb", "hsu"))
BODIES = frozenset(("ndb", "ndu", "ldb", "ldu", "idb"))

_FAMILY = re.compile(
    r"(?i)^(?:\{\w+\})?(?:win|w32|w64|linux|unix|osx|macos|android|ios|java|js|vbs?|php|html"
    r"|doc|xls|pdf|rtf|swf|bat|ps1?|py|perl|asp|legacy|multios|email|archive|andr|txt|zip)"
    r"\w*[./:!_-]\w|trojan|worm|virus|malware|ransom|backdoor|rootkit|exploit|adware|spyware"
    r"|stealer|keylog|dropper|downloader|miner|botnet|hacktool|phish|webshell|eicar|\bpua\b"
    r"|\.(?:base64|cmdshell|shell|gzbase64|injector|irc|brute)\b|test.?sig|packed|loader|\brat\b"
)
_BODY = re.compile(r"[0-9a-fA-F?*(){}|!\[\]\-,]{8,}")
_PART = re.compile(r"[0-9a-fA-F?]+")
_GAPS = re.compile(r"\{[^}]*\}|\[[^\]]*\]")
_OF_PROGRAMS = frozenset(("1", "6", "9", "12"))  # targets: PE, ELF, Mach-O, Java

Told = tuple[str, Finding]


def findings(source: Source) -> Iterator[Told]:
    """Yield names of rules of one source, as tables have them, and what is wrong."""
    if source.kind in hashes.SIZES or source.kind in DIGESTS:
        yield from _list(source)
    elif source.kind in BODIES:
        for _, line in lines(source.text):
            if line is not None:
                yield from _signature(line)


def _list(source: Source) -> Iterator[Told]:
    """Yield one finding if any digest of a list has a name that says nothing."""
    named = [(digest, name) for digest, name in _digests(source)]
    silent = [(digest, name) for digest, name in named if not _FAMILY.search(name)]
    if silent:
        digest, name = silent[0]
        count = f"{len(silent):,} of {len(named):,} digests"
        detail = f"{count} do not say what malware they are of, the first {digest}"
        yield printable(name or digest), Finding(OPAQUE_HASH, detail)


def _digests(source: Source) -> Iterator[tuple[str, str]]:
    if source.kind in hashes.SIZES:
        for row in hashes.read(source):
            if isinstance(row, tuple):
                yield row[0].hex(), row[1].name
        return
    for _, line in lines(source.text):
        digest, _, rest = (line or "").partition(":")
        yield digest, rest.partition(":")[2].split(":")[0]


def _signature(line: str) -> Iterator[Told]:
    name, *fields = re.split("[:;]", line)
    said: list[str] = []  # in every way
    plainly: list[str] = []
    pieces: list[list[int | None]] = []
    for field in fields:
        if "/" in field:
            said.append(regex(field))
        elif _BODY.fullmatch(field):
            for part in _PART.findall(_GAPS.sub(" ", field)):
                pieces.append(hexadecimal(part))
                read = list(decode.readings(pieces[-1]))
                plainly.append(read[0])
                said += read
    found = (
        phrases.marking(said)
        or phrases.coded(pieces)
        or phrases.hidden(pieces)
        or phrases.joined(plainly)
    )
    if found:
        yield printable(name), Finding(MARKING, found)
    elif pieces and fields[0].rpartition("Target:")[2] not in _OF_PROGRAMS:
        texts = ["".join(chr(one or 0) for one in data) for data in pieces]
        if all(language.of_text(text) is Said.WORDS for text in texts):
            detail = f"matches on words alone: {texts[0][:60]}"
            yield printable(name), Finding(DOCUMENT_WORDS, detail)
