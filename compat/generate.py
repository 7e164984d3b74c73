"""Random cases by seed: signatures, and files that match them or nearly do.

What a case expects is what the clamscan of this machine says. Lines that it refuses
are left out of their database: a refused line would spoil the rest. Nothing here
depends on anything but the seed and clamscan.
"""

import hashlib
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import bodies
import lists
import logic
import pictures
import programs
import sides
from cases import Case, Content
from draft import FILLER, SIGNATURES, Draft

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.icons import program as with_icons

# Without its cache: that hides a part from rules that ask for what it is inside of.
FLAGS = ("--allmatch", "--disable-cache")
SHORT = (0, 1, 4, 5, 6, 7)  # bytes: up to five are never scanned
OFFSETS = (0, 1, 3, 17)
# A place, and where that is from the start of the first section, of one of the files.
PLACES = {
    "EP+0": 16,
    "EP+4": 20,
    "EP-8": 8,
    "EP+0,8": 24,
    "S0+0": 0,
    "S0+4": 4,
    "S1+0": 512,
    "S2+0": 1024,
    "SL+0": 512,
    "SL+4,4": 520,
    "SE0": 512,
    "SE1": 600,
    "SE1,8": 1032,
    "EOF-16": 1008,
    "S0+512": 512,
    "EOF-6": 1530,
    "*": 33,
}


def cases(count: int, seed: int) -> Iterator[Case]:
    """So many cases, the same for the same seed and the same clamscan."""
    makers = sorted(MAKERS)
    for number in range(count):
        source = random.Random(f"{seed} {number}")
        name = makers[number % len(makers)]
        draft = MAKERS[name](source)
        yield _settled(f"made.{name}-{seed}-{number}", draft)


def _settled(id: str, draft: Draft) -> Case:
    """Ask clamscan what the draft amounts to."""
    inputs = tuple(
        Content(f"{number:03d}", data)
        for number, data in enumerate(dict.fromkeys(draft.files))
    )

    def attempt(lines: list[str]) -> tuple[Case, sides.Said]:
        text = "".join(f"{line}\n" for line in lines).encode()
        databases = (Content(f"made{draft.kind}", text), *draft.others)
        case = Case(id, draft.kind[1:], databases, inputs, FLAGS)
        return case, sides.clamscan([case])[0]

    case, said = attempt(draft.lines)
    if said.refusal:
        good = [line for line in draft.lines if not attempt([line])[1].refusal]
        case, said = attempt(good)
    expected = {name: answer.names for name, answer in said.answers.items()}
    return replace(case, expected=expected)


def _body(source: random.Random) -> Draft:
    """Bodies for any target, at any offset."""
    draft = Draft(".ndb")
    for number in range(SIGNATURES):
        row = bodies.body(source)
        shift = source.choice(("", "", ",1", ",4"))
        at = source.choice(OFFSETS)
        place = source.choice(("*", "*", "*", f"{at}{shift}", f"EOF-{at + 6}{shift}"))
        draft.lines.append(f"Body{number}:0:{place}:{bodies.text(row)}")
        for make in (bodies.hit, bodies.hit, bodies.near, bodies.near, bodies.near):
            data = make(row, source)
            before = FILLER[: source.choice((at, at + 1, at + 4, 0, 30))]
            after = FILLER[: max(0, source.choice((0, 1, at + 6 - len(data), 30)))]
            draft.files.append(before + data + after)
    draft.files += [FILLER[:size] for size in SHORT]
    return draft


def _text(source: random.Random) -> Draft:
    """Bodies for text, which is normalised, in upper and lower case."""
    draft = Draft(".ndb")
    for number in range(SIGNATURES):
        target = source.choice((0, 7, 7, 3))
        words = bodies.some(source, source.randint(4, 9))
        changed = bodies.changed(words, source)
        kept = source.choice((words, words.lower(), words))
        draft.lines.append(f"Text{number}:{target}:*:{kept.hex()}")
        for data in (words, words.lower(), words.upper(), changed):
            line = b"some words before\n%b\tand  some after\n" % data
            draft.files.append(line)
            draft.files.append(b"<html><body>%b</body></html>\n" % line)
    return draft


def _program(source: random.Random) -> Draft:
    """Bodies at places of PE and ELF files."""
    draft = Draft(".ndb")
    section, entry = programs.SECTION, 0x10
    marks = (0, 4, entry, entry + 4, entry - 8, section - 6, section - 2, section)
    for number in range(SIGNATURES):
        mark = bodies.some(source, 6)
        target = source.choice((1, 1, 6, 0, 9))
        place = source.choice(sorted(PLACES))
        draft.lines.append(f"Place{number}:{target}:{place}:{mark.hex()}")
        for fits in (True, True, False, False, False):
            at = source.choice(marks) + section * source.choice((0, 0, 1))
            at = PLACES[place] if fits else at
            overlay = source.choice((b"", b"", mark, mark + FILLER[:10]))
            program = programs.Program(
                source.choice((1, 2, 3)), entry, {at: mark}, overlay
            )
            make = source.choice((programs.pe, programs.elf))
            draft.files.append(make(program))
    return draft


def _digests(source: random.Random) -> Draft:
    """Lists of digests of files, right and nearly right."""
    kind = source.choice((".hdb", ".hsb"))
    draft = Draft(kind)
    algorithms = ("md5",) if kind == ".hdb" else ("sha1", "sha256")
    for number in range(SIGNATURES):
        data = FILLER[: source.choice(SHORT)] if number < 2 else source.randbytes(40)
        name = source.choice(algorithms)
        digest = hashlib.new(name, data, usedforsecurity=False).hexdigest()
        if source.random() < 0.2:
            digest = digest[:-1] + "0"
        size = source.choice((str(len(data)), str(len(data)), "*", str(len(data) + 1)))
        level = source.choice(("", ":73", ":1:20", ":200:250", ":300"))
        level = level or (":73" if size == "*" else "")
        digest = digest.upper() if source.random() < 0.2 else digest
        draft.lines.append(f"{digest}:{size}:Digest{number}{level}")
        draft.files += [data, data + b"!", data[:-1]]
    return draft


def _allowed(source: random.Random) -> Draft:
    """What is found, allowed and ignored, in one go."""
    draft = Draft(".ndb")
    allow: list[str] = []
    ignore: list[str] = []
    for number in range(SIGNATURES):
        mark = source.randbytes(8)
        data = FILLER[:40] + mark
        name = f"Allowed{number}"
        draft.lines.append(f"{name}:0:*:{mark.hex()}")
        draft.files += [data, data + b"more"]
        way = source.randrange(5)
        if way < 2:
            digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
            size = len(data) + source.choice((0, 0, 1))
            allow.append(f"{digest}:{size}:{name}")
        elif way == 2:
            ignore.append(name + source.choice(("", "", "", "x", ".UNOFFICIAL")))
    if allow:
        draft.others.append(Content("made.fp", "\n".join([*allow, ""]).encode()))
    if ignore:
        draft.others.append(Content("made.ign2", "\n".join([*ignore, ""]).encode()))
    return draft


def _sections(source: random.Random) -> Draft:
    """Digests of sections of PE files."""
    draft = Draft(".mdb")
    for number in range(SIGNATURES):
        places = (source.randrange(programs.SECTION - 8) for _ in range(2))
        # In each section, or two of them are alike: of these clamscan names one.
        marks = {
            which * programs.SECTION + place: source.randbytes(8)
            for which, place in enumerate(places)
        }
        program = programs.Program(2, marks=marks)
        whole = programs.pe(program)
        start = programs.PE_START + source.choice((0, programs.SECTION))
        section = whole[start : start + programs.SECTION]
        digest = hashlib.md5(section, usedforsecurity=False).hexdigest()
        size = source.choice((str(len(section)), str(len(section)), "*", "511"))
        level = ":73" if size == "*" else ""
        draft.lines.append(f"{size}:{digest}:Section{number}{level}")
        draft.files += [whole, whole + b"overlay", section, programs.elf(program)]
    return draft


def _logical(source: random.Random) -> Draft:
    """Logical signatures; see `logic`."""
    draft = Draft(".ldb")
    for number in range(SIGNATURES):
        made = logic.signature(f"Logical{number}", source)
        draft.lines.append(made.line)
        for _ in range(6):
            data = made.file(source)
            before = FILLER[: source.choice((0, 1, 30))]
            after = FILLER[: source.choice((0, 1, 30))]
            draft.files.append(before + data + after)
        if source.random() < 0.3:
            program = programs.Program(source.choice((1, 2)), overlay=made.file(source))
            draft.files.append(programs.pe(program))
    return draft


def _pictures(source: random.Random) -> Draft:
    """Pictures by their looks, whole, damaged and in archives."""
    draft = Draft(".ldb")
    for number in range(SIGNATURES):
        made = pictures.drawn(source)
        hash = made.hash
        if source.random() < 0.25:
            hash = pictures.changed(hash, source)
        target = source.choice((0, 0, 0, 5, 5, 1, 3))
        distance = source.choice(("", "#0"))
        logic = source.choice(("0", "0", "0|1", "0&1", "0=0", "(0|1)>1"))
        second = ";" + made.data[:4].hex() if "1" in logic else ""
        draft.lines.append(
            f"Looks{number};Engine:150-255,Target:{target};{logic};"
            f"fuzzy_img#{hash}{distance}{second}"
        )
        draft.files += [
            made.data,
            lists.archive([("a", made.data)]),
            made.data + b"tail",
        ]
        draft.files.append(made.data[: len(made.data) * 2 // 3])
    draft.files.append(FILLER)
    return draft


def _icons(source: random.Random) -> Draft:
    """Programs by their icons: lists of what they look like, or nearly do."""
    draft = Draft(".idb")
    conditions = []
    mark = b"A mark in a program"
    for number in range(SIGNATURES):
        icon = pictures.icon(source)
        known = pictures.looks(icon)
        if known is None:
            continue
        group = source.choice(("A", "B", f"G{number}"))
        other = source.choice(("A", "C", f"H{number}"))
        for _ in range(3):
            draft.lines.append(f"i:{group}:{other}:{pictures.nearly(known, source)}")
        asked = source.choice(
            (f"IconGroup1:{group}", f"IconGroup2:{other}", f"IconGroup1:G{number}")
        )
        if source.random() < 0.3:
            asked = f"IconGroup1:{group},IconGroup2:{other}"
        conditions.append(
            f"Icons{number};Engine:81-255,Target:1,{asked};0;{mark.hex()}\n"
        )
        draft.files.append(with_icons([icon], mark=mark))
        draft.files.append(with_icons([pictures.icon(source), icon], [icon], mark=mark))
    draft.files.append(with_icons([pictures.icon(source)], mark=b"no mark"))
    draft.others.append(Content("made.ldb", "".join(conditions).encode()))
    return draft


MAKERS: dict[str, Callable[[random.Random], Draft]] = {
    "allowed": _allowed,
    "body": _body,
    "digests": _digests,
    "icons": _icons,
    "logical": _logical,
    "logical2": _logical,
    "body2": _body,
    "links": lists.links,
    "magics": lists.magics,
    "members": lists.members,
    "pictures": _pictures,
    "program": _program,
    "sections": _sections,
    "text": _text,
}
