"""A marker anywhere in a program is found, and the way to it is named."""

import struct
import time
import zlib
from collections.abc import Callable
from itertools import accumulate

import pytest
from support.elf import COMPRESSED, front, program
from support.upx import Headers, Packer
from support.upx import program as unix_program

from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import NONE, Reason
from clearward.engine.result import Result
from clearward.engine.scan import Engine
from clearward.formats import heavy, opened
from clearward.formats.identify import MARKS
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

NEEDLE = b" ".join((b"a needle", b"in all this"))
RULE = b'rule a { strings: $a = "a needle in all this" condition: $a }'
Way = tuple[bytes, ...]


@pytest.fixture(scope="module")
def scan() -> Callable[[bytes], Result]:
    heavy.load()
    opened.load()
    rules, _ = compile_rules(
        [Source(0, "a.yar", "yara", "local", RULE)], test_file=True, marks=MARKS
    )
    engine = Engine(rules, Limits(), time.monotonic)
    return lambda data: engine.scan(Reader.of(data), explain=True)


def ways(result: Result) -> tuple[set[Way], dict[Way, str]]:
    """The ways to what matched, and the kind of each part."""
    told = result.explanation
    assert told is not None

    def way(number: int) -> Way:
        steps = []
        while told.places[number].parent != number:
            steps.append(told.places[number].name)
            number = told.places[number].parent
        return tuple(reversed(steps))

    kinds = {way(each.place): each.kind.name for each in told.types}
    return {way(each.place) for each in told.matches}, kinds


def macho(*commands: bytes, behind: bytes = b"") -> bytes:
    joined = b"".join(commands)
    head = struct.pack(
        "<7I", 0xFEEDFACF, 0x1000007, 3, 2, len(commands), len(joined), 0
    )
    return (head + bytes(4) + joined).ljust(0x200, b"\0") + behind


def fat(*slices: tuple[int, int], data: bytes) -> bytes:
    rows = [struct.pack(">5I", 7, 3, start, size, 0) for start, size in slices]
    head = struct.pack(">II", 0xCAFEBABE, len(rows)) + b"".join(rows)
    return head.ljust(0x100, b"\0") + data


def overlapping() -> bytes:
    """Two programs, the second of which lies in the middle of the first."""
    inner = macho(behind=NEEDLE.ljust(0x100))
    outer = macho(behind=inner)
    whole, part = (0x100, len(outer)), (0x300, len(inner))
    return fat(whole, part, data=outer)


def signed() -> bytes:
    """A signature: a blob of blobs, one of which says what a program may do."""
    entitled = b"<plist>" + NEEDLE + b"</plist>"
    blob = struct.pack(">II", 0xFADE7171, 8 + len(entitled)) + entitled
    blobs = struct.pack(">5I", 0xFADE0CC0, 20 + len(blob), 1, 5, 20) + blob
    return macho(struct.pack("<4I", 0x1D, 16, 0x200, len(blobs)), behind=blobs)


def encrypted() -> bytes:
    command = struct.pack("<6I", 0x2C, 24, 0x200, 0x100, 1, 0)
    return macho(command, behind=bytes(0x100) + NEEDLE)


def compressed() -> bytes:
    content = front(1, len(NEEDLE) * 9) + zlib.compress(NEEDLE * 9)
    return program((b".text", 6, b"code"), (b".debug_line", COMPRESSED, content))


def packed() -> bytes:
    content = (NEEDLE + b" ") * 40
    whole = unix_program(Headers(), content)
    return Packer(Headers()).pack(whole, content)


def dex() -> bytes:
    """A file of Dalvik: of its tables only the strings."""
    text = [b"Landroid/a;", NEEDLE, b"<init>"]
    data = [bytes([len(each)]) + each + b"\0" for each in text]
    start = 0x70 + 4 * len(text)
    places = list(accumulate(map(len, data[:-1]), initial=start))
    size = start + sum(map(len, data))
    fields = (size, 0x70, 0x12345678, 0, 0, 0, len(text), 0x70)
    head = b"dex\n035\0" + bytes(24) + struct.pack("<8I", *fields)
    return head.ljust(0x70, b"\0") + struct.pack("<3I", *places) + b"".join(data)


def java() -> bytes:
    """A class whose constants are its name, the one above it, and a text."""
    text = [b"A", b"java/lang/Object", NEEDLE]
    constants = b"".join(b"\1" + struct.pack(">H", len(it)) + it for it in text)
    constants += b"\7\0\1\7\0\2\x08\0\3"
    head = struct.pack(">IHHH", 0xCAFEBABE, 0, 52, 7)
    return head + constants + struct.pack(">8H", 0x21, 4, 5, 0, 0, 0, 0, 0)


def note(content: bytes) -> bytes:
    owner = b"GNU\0"
    return struct.pack("<III", len(owner), len(content), 3) + owner + content


WHOLE: Way = ()
CASES: dict[str, tuple[bytes, set[Way], str]] = {
    "Mach-O, slices over each other": (overlapping(), {(b"0",), (b"1",)}, "macho-fat"),
    "Mach-O, signature": (signed(), {WHOLE}, "macho"),
    "Mach-O, encrypted": (encrypted(), {WHOLE}, "macho"),
    "ELF, section": (program((b".data", 3, NEEDLE)), {WHOLE}, "elf"),
    "ELF, note": (program((b".note", 2, note(NEEDLE))), {WHOLE}, "elf"),
    "ELF, overlay": (program((b".text", 6, b"code")) + NEEDLE, {WHOLE}, "elf"),
    "ELF, compressed": (compressed(), {(b".debug_line",)}, "elf"),
    "ELF, packed by UPX": (packed(), {(b"unpacked",)}, "elf"),
    "DEX, string": (dex(), {WHOLE}, "dex"),
    "Java, constant": (java(), {WHOLE}, "java"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_marker_is_found_and_named(
    scan: Callable[[bytes], Result], case: str
) -> None:
    data, expected, kind = CASES[case]
    result = scan(data)
    found, kinds = ways(result)
    assert result.rules
    assert expected <= found
    assert kinds[WHOLE] == kind
    encrypted_code = case == "Mach-O, encrypted"
    assert result.reasons == (Reason.ENCRYPTED if encrypted_code else NONE)


def test_many_slices_over_the_same_bytes_are_looked_at_once(
    scan: Callable[[bytes], Result],
) -> None:
    data = macho(behind=NEEDLE)
    result = scan(fat(*[(0x400, len(data))] * 12, data=bytes(0x300) + data))
    assert result.rules
    assert result.parts == 13
