"""Behaviour of the reader of imports."""

import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.programs import Pe
from support.programs_clamscan import NEEDS_CLAMSCAN, found
from support.programs_imports import ADDRESS, START, Wanted, table, with_imports

from clearward.core.reader import Reader
from clearward.formats.programs import imports, pe

ROOM = bytes(0x300)  # names need 256 bytes behind where they begin


def listing(program: Pe) -> bytes | None:
    reader = Reader.of(program.build())
    return imports.listing(pe.read(reader), reader)


def wanting(*libraries: tuple[str, Wanted], first: bool = True) -> Pe:
    return with_imports(table(libraries, first=first) + ROOM)


def sized(program: Pe, size: int) -> Pe:
    listed = list(program.directories)
    listed[1] = (ADDRESS, size)
    return replace(program, directories=tuple(listed))


def changed(place: int, value: int) -> Pe:
    content = bytearray(table([("A.dll", ["Fx"]), ("B.dll", ["Gx"])]) + ROOM)
    struct.pack_into("<I", content, place, value)
    return with_imports(bytes(content))


CUT = table([("A.dll", ["F", 1])])
PAIR = wanting(("A.dll", ["Fx"]), ("B.dll", ["Gx"]))
CASES = [
    pytest.param(
        wanting(("KERNEL32.dll", ["ExitProcess", "Sleep"])),
        b"kernel32.exitprocess,kernel32.sleep",
        id="two functions",
    ),
    pytest.param(
        wanting(*((name, ["F"]) for name in ("A.OCX", "A.sys", "A.drv", "A.B.dll"))),
        b"a.f,a.f,a.drv.f,a.b.dll.f",
        id="extensions",
    ),
    pytest.param(
        wanting(("A", ["F"]), ("A.dllx", ["F"])), b"a.f,a.f", id="odd extensions"
    ),
    pytest.param(
        wanting(("A.dll", [1, 0, 65535])), b"a.ord1,a.ord0,a.ord65535", id="n"
    ),
    pytest.param(
        wanting(("WSOCK32.DLL", [1, 999]), ("ws2_32.ocx", [1]), ("oleaut32.dll", [2])),
        b"wsock32.accept,wsock32.ord999,ws2_32.ord1,oleaut32.sysallocstring",
        id="ordinals with names",
    ),
    pytest.param(wanting(("A.dll", ["F"]), first=False), b"a.f", id="no look-up table"),
    pytest.param(wanting(("A.dll", []), ("B.dll", ["F"])), b"b.f", id="no functions"),
    pytest.param(wanting(("", ["", "F"])), b".,.f", id="empty names"),
    pytest.param(wanting(), b"", id="no libraries"),
    pytest.param(wanting(("A.dll", ["F", "?G@@"])), None, id="letters that are none"),
    pytest.param(wanting(("A.dll", ["F" * 300])), b"a." + b"f" * 256, id="long name"),
    pytest.param(
        with_imports(CUT, size=START + len(CUT)), b"a.ord1", id="cut off name"
    ),
    pytest.param(changed(20, 0x700000), b"a.fx,b.gx", id="look-up table nowhere"),
    pytest.param(changed(32, 0), b"a.fx", id="a library without a name ends it"),
    pytest.param(changed(32, 0x700000), None, id="name nowhere"),
    pytest.param(sized(PAIR, 20), b"", id="room for the last library only"),
    pytest.param(sized(PAIR, 21), b"a.fx", id="room for one"),
    pytest.param(sized(PAIR, 0x10000), None, id="larger than the file"),
    pytest.param(sized(PAIR, 0), None, id="no imports"),
    pytest.param(
        with_imports(table([("A.dll", ["F"])], plus=True) + ROOM, plus=True),
        None,
        id="64 bits",
    ),
    pytest.param(
        wanting(*[("A.dll", [1])] * 1030),
        b",".join([b"a.ord1"] * 1024),
        id="more libraries than are listed",
    ),
]


@pytest.mark.parametrize(("program", "expected"), CASES)
def test_imports_are_listed_as_for_their_hash(
    program: Pe, expected: bytes | None
) -> None:
    assert listing(program) == expected


@NEEDS_CLAMSCAN
@pytest.mark.parametrize(
    ("program", "expected"), [case for case in CASES if case.values[1]]
)
def test_clamscan_makes_its_import_hash_of_the_same(
    program: Pe, expected: bytes, tmp_path: Path
) -> None:
    digest = hashlib.md5(expected).hexdigest()  # noqa: S324 - what import hashes are
    line = f"{digest}:{len(expected)}:Imports"
    assert found(tmp_path, "imp", [line], program.build()) == {"Imports"}


@NEEDS_CLAMSCAN
@pytest.mark.parametrize("library", ["ws2_32", "wsock32", "oleaut32"])
def test_clamscan_knows_the_same_names_of_ordinals(
    library: str, tmp_path: Path
) -> None:
    program = wanting((f"{library}.dll", [*range(1, 600)]))
    known = listing(program)
    assert known is not None
    digest = hashlib.md5(known).hexdigest()  # noqa: S324 - what import hashes are
    line = f"{digest}:{len(known)}:Imports"
    assert found(tmp_path, "imp", [line], program.build()) == {"Imports"}


def test_tables_that_many_libraries_share_do_not_multiply() -> None:
    rows = struct.pack("<5I", 0, 0, 0, ADDRESS, ADDRESS + 20 * 1024) * 1024
    program = with_imports(rows + b"\xff" * 400_000)
    assert listing(program) is None


@given(st.binary(max_size=400), st.integers(0, 400))
def test_arbitrary_tables_give_a_list_or_nothing(data: bytes, size: int) -> None:
    said = listing(sized(with_imports(data + ROOM), size))
    assert said is None or b"." in said or said == b""


@given(st.integers(0, 80), st.integers(0, 0xFFFFFFFF))
def test_any_field_may_be_wrong(place: int, value: int) -> None:
    said = listing(changed(place, value))
    assert said is None or b"." in said or said == b""
