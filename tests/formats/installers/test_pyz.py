"""Behaviour of the reader of archives of Python modules."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parts import collect, gaps, named
from support.pyinstaller import pyz as built

from clearward.core.errors import Malformed, Truncated
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.installers import pyz

MODULES = {"one": b"code one", "package.two": b"code two " * 99, "one.x": b"3"}
EXPECTED = [(name.encode(), data) for name, data in MODULES.items()]


@pytest.mark.parametrize("as_dict", [False, True])
def test_modules_come_back(as_dict: bool) -> None:  # noqa: FBT001
    whole = built(MODULES, as_dict=as_dict)
    assert named(pyz.unpack(Reader.of(whole))) == EXPECTED


def test_modules_come_back_as_one_where_the_table_is_damaged() -> None:
    whole = built(MODULES)
    place = int.from_bytes(whole[8:12], "big")
    damaged = whole[:place] + b"\xff" * 50
    parts, _, field = collect(pyz.unpack(Reader.of(damaged)))
    assert parts == [b"".join(MODULES.values())]
    assert field == "table"


def test_encrypted_modules_are_said() -> None:
    whole = built(MODULES, encrypted=True)
    assert gaps(pyz.unpack(Reader.of(whole))) == [Reason.ENCRYPTED] * 3


def test_an_archive_that_ends_early_is_truncated() -> None:
    with pytest.raises(Truncated):
        collect_all(b"PYZ\0")


def collect_all(data: bytes) -> None:
    named(pyz.unpack(Reader.of(data)))


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    data = bytearray(built(MODULES))
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Malformed):
        collect(pyz.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    for front in (b"PYZ\0", b"PYZ\0" + bytes(4) + b"\0\0\0\x0c"):
        with suppress(Malformed):
            collect(pyz.unpack(Reader.of(front + data)))
