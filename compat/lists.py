"""Random lists beside signatures: of members of containers, file types, links."""

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Sequence

from cases import Content
from draft import FILLER, SIGNATURES, Draft

PARENTS = (
    *("Container:CL_TYPE_ZIP", "Container:CL_TYPE_GZ", "Container:CL_TYPE_ANY"),
    *("Intermediates:CL_TYPE_ZIP>CL_TYPE_ZIP", "Intermediates:CL_TYPE_GZ>CL_TYPE_ZIP"),
    *("Intermediates:CL_TYPE_ANY>CL_TYPE_ZIP", "Intermediates:CL_TYPE_ZIP"),
)
TYPES = ("PDF", "GIF", "HTML", "MAIL", "ELF", "SWF", "JAVA", "MSOLE2", "TEXT_ASCII")
TARGETS = (0, 2, 3, 4, 5, 6, 7, 10, 11, 12, 14)
NAMES = ("a.bin", "A.bin", "d/a.bin", "abin", "b.txt", "d/", "x y.bin", "long" * 20)
PATTERNS = (
    *(
        "*",
        "*",
        "a.bin",
        r"^a\.bin$",
        "(?i)^a",
        r"\.txt$",
        "d/",
        "^d/$",
        r"\d",
        "[a-c]b",
    ),
    *("^.{4}$", "(a|b)[.]", "a+b?", "x y", "(long){20}", "^[^a]"),
)
HOSTS = ("key.com", "ebay.de", "halifax.co.uk", "www.key.com", "bank.example.org")
EVIL = (
    "evil.com",
    "key.com.evil.com",
    "evil.co.uk",
    "1.2.3.4",
    "a-key.com",
    "x.key.com",
)


def members(source: random.Random) -> Draft:
    """What archives say about members, and rules that ask for a container."""
    draft = Draft(".cdb")
    conditions = []
    for number in range(SIGNATURES):
        data = FILLER[: source.choice((5, 6, 60))] + b"M" * source.randint(1, 300)
        member = source.choice(NAMES)
        held = [(member, data), ("other", b"another one")]
        packed = archive(held)
        nested = archive([("first", b"of two"), ("in.zip", packed)])
        draft.files += [packed, nested, gzip.compress(packed, mtime=0), data]
        draft.files += [tarred(held), gzip.compress(tarred(held[::-1]), mtime=0)]
        other = [(member, data.replace(b"M", b"N")), *held[1:]]
        draft.files += [locked(archive(other)), b"GIF89a" + FILLER + packed]
        draft.lines.append(f"Member{number}:" + ":".join(_fields(source, data, packed)))
        place = source.choice(PARENTS)
        conditions.append(
            f"Inside{number};Engine:81-255,Target:0,{place};0;{data[-9:].hex()}\n"
        )
    draft.others.append(Content("made.ldb", "".join(conditions).encode()))
    return draft


def _fields(source: random.Random, data: bytes, packed: bytes) -> list[str]:
    at = str(source.choice((0, 1, 2)))
    size = source.choice((str(len(data)), f"1-{len(data)}", f"0-{len(data) - 1}"))
    kinds = ("CL_TYPE_ZIP", "CL_TYPE_ZIP", "*", "CL_TYPE_POSIX_TAR", "CL_TYPE_ANY")
    return [
        source.choice(kinds),
        source.choice(("*", "*", str(len(packed)), "10240")),
        source.choice(PATTERNS),
        source.choice(("*", "*", "*", size, "1-60")),
        source.choice(("*", size)),
        source.choice(("*", "*", "0", "1")),
        *(source.choice(("*", "*", at)), "*", "*"),
    ]


def archive(held: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip archive, the same each time; deflated, so that nothing is in sight."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in held:
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, b"" if name.endswith("/") else data)
    return out.getvalue()


def locked(packed: bytes) -> bytes:
    """The same archive, whose headers say that a password is needed."""
    for magic, place in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        first, *others = packed.split(magic)
        flagged = (one[: place - 4] + b"\1" + one[place - 3 :] for one in others)
        packed = magic.join((first, *flagged))
    return packed


def tarred(held: Sequence[tuple[str, bytes]]) -> bytes:
    """A tar archive, the same each time."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, data in held:
            entry = tarfile.TarInfo(name)
            if name.endswith("/"):
                entry.type = tarfile.DIRTYPE
            else:
                entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def magics(source: random.Random) -> Draft:
    """File types by bytes at a place and by bodies; targets tell which it is."""
    draft = Draft(".ftm")
    mark = b"marker"
    for number in range(SIGNATURES):
        magic = bytes(source.choices(b"GHIJKLMN", k=4))
        kind = source.choice(TYPES)
        at = source.choice((0, 0, 3, 700))
        how = source.choice((0, 0, 1))
        place = str(at) if not how else source.choice((str(at), "*", f"{at},9"))
        text = magic.hex() if not how else _loosened(magic, source)
        given = source.choice(("ANY", "ANY", "TEXT_ASCII", "BINARY_DATA"))
        row = f"{how}:{place}:{text}:M{number}:CL_TYPE_{given}:CL_TYPE_{kind}"
        draft.lines.append(row)
        for shift in (0, source.choice((0, 4, 300, 1100))):
            before = b"some text " * 200
            head = before[: at + shift] + magic
            draft.files += [head + b" text " + mark, head + FILLER + mark]
    rows = (f"T{number}:{number}:*:{mark.hex()}\n" for number in TARGETS)
    draft.others.append(Content("made.ndb", "".join(rows).encode()))
    return draft


def _loosened(magic: bytes, source: random.Random) -> str:
    text = magic.hex()
    forms = (text, f"{text[:4]}??{text[6:]}", f"{text[:4]}({text[4:6]}|21){text[6:]}")
    return source.choice((*forms, f"{text[:4]}{{0-5}}{text[4:]}"))


def links(source: random.Random) -> Draft:
    """Phishing lists, and mails with links."""
    draft = Draft(".pdb")
    allowed = []
    for _ in range(SIGNATURES):
        shown, real = source.choice(HOSTS), source.choice(EVIL)
        pattern = shown.replace(".", r"\.")
        draft.lines.append(source.choice((f"H:{shown}", f"H:{shown}", f"R:{pattern}")))
        if source.random() < 0.5:
            either = (f"M:{real}:{shown}", f"X:.+:{pattern}", f"M:x.{real}:{shown}")
            allowed.append(source.choice(either) + "\n")
        for _ in range(8):
            draft.files.append(_mail(_link(source)))
    if allowed:
        draft.others.append(Content("made.wdb", "".join(allowed).encode()))
    return draft


def _link(source: random.Random) -> str:
    real, shown = source.choice((*EVIL, *HOSTS)), source.choice((*HOSTS, *HOSTS, *EVIL))
    scheme = source.choice(("http://", "http://", "https://", "ftp://", "", "mailto:"))
    before = source.choice(("", "", "", "user@", "www."))
    behind = source.choice(("", "/", "/a?b=c", "?x", ":80/"))
    text = source.choice(("", "", "http://", "See ", "-- ", "www.", "x", "(")) + shown
    text += source.choice(("", "", "/", "/path", ".", "!", "?x"))
    href = scheme + (before if scheme != "" else "") + real
    return f'<a href="{href}{behind if scheme else ""}">{text}</a>'


def _mail(link: str) -> bytes:
    return (
        b"From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\n"
        b"Content-Type: text/html\n\n<html><body>" + link.encode() + b"</body></html>\n"
    )
