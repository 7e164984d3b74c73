"""Behaviour of the reader of resources of programs."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installers import deflated
from support.parts import collect, contents, gaps, named
from support.programs_resources import managed, tree, with_leaves, with_resources

from clearward.core.errors import Malformed
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.identify import identify
from clearward.formats.unpack import resources

SCRIPT = b"<script>document.write('text')</script>"
RAW, PAGE, STRING, NAMED = 10, 23, 6, 0x80000070


def recognised(data: bytes) -> bool:
    return resources.recognises(data, Reader.of(data))


@pytest.mark.parametrize("kind", [RAW, PAGE, NAMED])
def test_raw_data_and_pages_are_handed_on(kind: int) -> None:
    program = with_leaves(kind, SCRIPT, b"more " * 20)
    assert recognised(program)
    parts = named(resources.unpack(Reader.of(program)))
    shown = kind & 0xFFFF
    assert parts == [
        (b"resource %d 1" % shown, SCRIPT),
        (b"resource %d 2" % shown, b"more " * 20),
    ]


def test_a_program_is_asked_for_them() -> None:
    program = with_leaves(RAW, SCRIPT)
    names = [each.name for each in identify(program, Reader.of(program))]
    assert resources.NAME in names


def test_texts_pictures_forms_and_small_ones_are_not() -> None:
    assert not recognised(with_leaves(STRING, SCRIPT))
    for front in (b"\x89PNG", b"TPF0", b"MZ", b"\0\0\1\0"):
        assert not recognised(with_leaves(RAW, front.ljust(64, b"x")))
    assert not recognised(with_leaves(RAW, b"short"))


def test_resources_of_net_are_handed_on() -> None:
    program = managed(SCRIPT, b"second " * 9, b"MZ" + bytes(60))
    assert contents(resources.unpack(Reader.of(program))) == [SCRIPT, b"second " * 9]


def test_libraries_packed_by_costura_are_unpacked() -> None:
    library = b"MZ" + b"".join(b"%d," % (each * each) for each in range(99))
    program = managed(deflated(library))
    assert contents(resources.unpack(Reader.of(program))) == [library]


def test_a_resource_is_given_once() -> None:
    leaf = (0x2200, 40)
    program = with_resources(tree(RAW, leaf, leaf, leaf).ljust(0x300, b"x"), 0x700)
    assert len(contents(resources.unpack(Reader.of(program.build())))) == 1


def test_too_many_are_said() -> None:
    leaves = [(0x2200 + at, 40) for at in range(300)]
    content = tree(RAW, *leaves).ljust(0x8000, b"x")
    program = with_resources(content, 0x400 + len(content)).build()
    items = list(resources.unpack(Reader.of(program)))
    assert gaps(items) == [Reason.PARTS_LIMIT]
    assert len(items) == 257


def test_a_tree_that_leads_to_itself_ends() -> None:
    looped = bytes(12) + (0x80008000).to_bytes(4, "little")
    looped += b"\x0a\0\0\0\0\0\0\x80" * 0x8000
    program = with_resources(looped, 0x400 + len(looped)).build()
    recognised(program)


@given(st.integers(0), st.binary(max_size=9))
def test_damage_anywhere_gives_parts_or_an_error(place: int, noise: bytes) -> None:
    for whole in (with_leaves(RAW, SCRIPT), managed(SCRIPT, deflated(b"MZ" * 90))):
        data = bytearray(whole)
        at = place % len(data)
        data[at : at + len(noise)] = noise
        with suppress(Malformed):
            collect(resources.unpack(Reader.of(bytes(data))))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_give_parts_or_an_error(data: bytes) -> None:
    with suppress(Malformed):
        collect(resources.unpack(Reader.of(b"MZ" + data)))
    recognised(b"MZ" + data)
