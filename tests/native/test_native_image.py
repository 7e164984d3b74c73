"""The compiled matcher takes the images that the reference takes, and no others."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import image
from support.image import Sig
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.errors import BadImage
from clearward.native.facts import pack_facts
from clearward.native.image import Image
from clearward.native.layout import (
    ANY_SIZE,
    HEADER,
    MAGIC,
    VERSION,
    Border,
    Flag,
    Section,
    State,
)
from clearward.native.types import Types

native = pytest.importorskip(
    "clearward.native._native", reason="the compiled matcher is not built"
)


NO_TYPES = Types((), {})


def rich() -> bytes:
    """An image with something of every kind in it."""
    signatures = [
        Sig([body("6162{1-3}(63|6465)*6?"), image.compare(0, 1, "d", 2, ("=", 12))]),
        Sig([body("(B)6162!(63|64)(L)", image.place(), keyed=False)]),
        Sig(
            [body("6161"), image.macro(0, 1, 9), image.regex(image.term(0))],
            image.group(image.both(image.term(0), image.count(1, ">", 0)), ">", 1, 1),
            flags=Flag.DEFERRED,
        ),
    ]
    digests = sorted(bytes([one]) * 16 for one in (1, 1, 7, 200))
    more = {
        (Section.PREFILTER, 0): image.prefilter([(b"abcd", 0)]),
        (Section.HASHES, 0): image.hash_set(digests, [1, 2, ANY_SIZE, 4], first=3),
        (Section.TYPES, 0): (b"CL_TYPE_ZIP\n", 1),
        (Section.TEXTS, 0): (b"abc", 3),
    }
    return image.image(*signatures, more=more)


RICH = rich()


def refused(made: bytes) -> bool:
    """Whether both refuse an image; they have to agree."""
    answers = []
    for load in (Image, native.Matcher):
        try:
            load(made)
        except BadImage:
            answers.append(True)
        else:
            answers.append(False)
    assert answers[0] == answers[1], answers
    return answers[0]


def test_a_sound_image_is_taken() -> None:
    assert not refused(RICH)


def test_a_key_may_stand_behind_a_border_that_takes_a_byte() -> None:
    within = image.border(Border.WORD, within=True)
    row = [image.masked(b"a", b"\xff"), within, image.plain(b"key")]
    made = image.image(Sig([image.body([image.piece(*row)])]))
    assert not refused(made)
    found = native.Matcher(made).match(b"..a key", 0, pack_facts(Facts(7), NO_TYPES))
    assert found == [(0, State.MATCHES)]


def test_no_byte_can_change_without_notice() -> None:
    for at in range(len(RICH)):
        changed = bytearray(RICH)
        changed[at] ^= 1 << at % 8
        with pytest.raises(BadImage):
            native.Matcher(bytes(changed))


def test_a_byte_changed_by_who_mends_the_digest_is_judged_as_by_the_reference() -> None:
    chosen = random.Random(1)  # noqa: S311 - not secret
    taken = 0
    for at in [*range(32), *range(64, len(RICH))]:
        changed = bytearray(RICH)
        changed[at] ^= 1 << chosen.randrange(8)
        taken += not refused(image.resealed(bytes(changed)))
    assert taken > 0


@pytest.mark.parametrize("length", [0, 1, 63, 64, 100, len(RICH) - 1])
def test_an_image_that_was_cut_is_refused(length: int) -> None:
    assert refused(RICH[:length])


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert refused(data)


@given(st.binary(max_size=300), st.integers(0, 5), st.integers(0, 100))
def test_arbitrary_bytes_behind_a_header_are_judged_as_by_the_reference(
    data: bytes, sections: int, rules: int
) -> None:
    length = HEADER.size + len(data)
    head = HEADER.pack(MAGIC, VERSION, sections, length, rules, bytes(32))
    refused(image.resealed(head + data))


@given(st.binary(max_size=80), st.integers(1, 3))
def test_arbitrary_programs_are_judged_as_by_the_reference(
    program: bytes, subs: int
) -> None:
    class Given(Sig):
        program = property(lambda _: program)

    refused(image.image(Given([b""] * subs)))


def test_what_is_no_buffer_is_no_image() -> None:
    with pytest.raises(TypeError):
        native.Matcher("text")
