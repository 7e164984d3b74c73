"""Images: whole ones load, any damage is refused or harmless."""

import contextlib
import itertools
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import image as lay
from support.image import (
    Laid,
    Sig,
    border,
    both,
    compare,
    count,
    demand,
    either,
    group,
    hash_set,
    image,
    macro,
    masked,
    names,
    near,
    picture,
    piece,
    place,
    plain,
    prefilter,
    regex,
    resealed,
    sealed,
    tables,
    term,
)
from support.notation import body

from clearward.core.facts import Facts
from clearward.native import layout
from clearward.native.errors import BadImage
from clearward.native.image import Image
from clearward.native.layout import (
    ANY_SIZE,
    Border,
    Condition,
    Flag,
    Section,
    State,
    Where,
)
from clearward.native.reference import Matcher

DATA = b"..ab..abcd..A12cd" + bytes(40)
FACTS = Facts(len(DATA), entry=3, sections=((2, 9),), versions=(4,))


def every_kind() -> bytes:
    """An image in which everything occurs, as small as can be."""
    odd = [
        piece(
            near(b"a", b"\xff", (0, 3), before=True),
            border(Border.LINE, negated=True),
            masked(b"b\1", b"\xff\1"),
            lay.choice([plain(b"c")], [plain(b"d"), lay.skip(1)]),
            border(Border.WIDE),
        ),
        piece(plain(b"cd"), gap=(0, 9)),
    ]
    signatures = [
        Sig(
            [
                body("61*6364", place(Where.IN_SECTION)),
                compare(0, 11, "d", 2, (">", 1), ("<", 99)),
                lay.body(odd),
                macro(3, 1, 9),
                body("6263", place(Where.GROUP, group=3)),
            ],
            either(group(both(term(0), term(1)), ">", 1, 1), count(2, "=", 0)),
            [demand(Condition.FILE_SIZE, 1, 999), demand(Condition.CONTAINER, 0)],
            handler=1,
        ),
        Sig(
            [body("6162"), regex(term(0), 4), picture()],
            both(term(0), either(term(1), term(2))),
            [demand(Condition.ICONS, 2 | 2 << 32)],
            flags=Flag.DEFERRED | Flag.UNWANTED,
        ),
    ]
    more: dict[tuple[int, int], Laid] = {
        (Section.META, 0): (b"{}", 2),
        (Section.TEXTS, 0): (b"text", 4),
        (Section.TYPES, 0): (b"CL_TYPE_ZIP\n", 1),
        (Section.YARA, 7): (b"rules", 5),
        (Section.NAMES, 0): names(b"one", *[b""] * 63),
        (Section.PREFILTER, 0): prefilter([(b"abcd", 0), (b"ab..", 1)]),
        (Section.HASHES, 0): hash_set(
            [bytes(20), b"\xf0" * 20], [1, ANY_SIZE], first=3
        ),
    }
    return image(*signatures, more=more)


def used(made: Image) -> None:
    """Do all that can be done with an image; only a look-up may find it bad."""
    matcher = Matcher(made, steps=20_000)
    for partition in {0, *made.prefilters, *made.always}:
        matcher.match(DATA, partition, FACTS)
    for index in range(len(made.signatures)):
        matcher.verify(index, DATA, FACTS)
        matcher.verify(index, b"", FACTS)
    for look in (
        lambda: [matcher.lookup(0, digest, 1) for digest in (bytes(20), b"\xf0" * 20)],
        lambda: [matcher.name(rule) for rule in range(made.names.count)],
    ):
        with contextlib.suppress(BadImage):
            look()


def test_a_whole_image_loads_and_matches() -> None:
    made = Image(memoryview(every_kind()))
    assert made.rules == 64
    assert made.text(0, 4) == b"text"
    assert bytes(made.section(Section.META)) == b"{}"
    assert bytes(made.section(Section.YARA, 7)) == b"rules"
    assert bytes(made.section(Section.YARA, 1)) == b""
    assert made.types.names == ("CL_TYPE_ZIP",)
    assert made.signatures[0].handler == 1
    assert Matcher(made).match(DATA, 0, FACTS) == [
        (0, State.MATCHES),
        (1, State.DEFERRED),
    ]
    used(made)


def test_an_image_of_nothing_loads() -> None:
    assert Image(sealed({})).signatures == ()


def test_any_byte_that_differs_is_seen_by_the_digest() -> None:
    whole = every_kind()
    for at in range(0, len(whole), 7):
        with pytest.raises(BadImage):
            Image(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_any_byte_that_differs_is_refused_or_harmless(shift: int) -> None:
    whole = every_kind()
    for at in itertools.chain(range(shift, 32, 3), range(64 + shift, len(whole), 3)):
        bits = (0x01, 0x80, 0xFF, 0x04)[at % 4]
        damaged = resealed(whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :])
        try:
            made = Image(damaged)
        except BadImage:
            continue
        used(made)


def test_an_image_that_is_cut_short_is_refused() -> None:
    whole = every_kind()
    for length in range(0, len(whole), 11):
        with pytest.raises(BadImage):
            Image(whole[:length])
        if length >= 64:
            head = whole[:16] + struct.pack("<Q", length) + whole[24:length]
            with pytest.raises(BadImage):
                Image(resealed(head))


WHOLE = every_kind()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(64, len(WHOLE) - 1), st.binary(min_size=1, max_size=8)),
        max_size=6,
    )
)
def test_any_bytes_in_an_image_are_refused_or_harmless(
    wrong: list[tuple[int, bytes]],
) -> None:
    damaged = bytearray(WHOLE)
    for at, there in wrong:
        damaged[at : at + len(there)] = there[: len(damaged) - at]
    try:
        made = Image(resealed(bytes(damaged)))
    except BadImage:
        return
    used(made)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_no_image(data: bytes, headed: bool) -> None:  # noqa: FBT001 - given
    if headed:
        head = layout.HEADER.pack(
            layout.MAGIC, layout.VERSION, 1, 64 + len(data), 9, bytes(32)
        )
        data = resealed(head + data)
    try:
        Image(data)
    except BadImage:
        return


@given(st.binary(max_size=120))
def test_any_program_is_refused_or_harmless(program: bytes) -> None:
    record = layout.SIGNATURE.pack(0, Flag.DEFERRED, 0, len(program), 0, 1, 0)
    made = sealed(
        {
            (Section.SIGNATURES, 0): (record, 1),
            (Section.PROGRAMS, 0): (program, len(program)),
        },
        rules=1,
    )
    try:
        loaded = Image(made)
    except BadImage:
        return
    used(loaded)


ONE = Sig([body("6162")])
PROGRAM = len(ONE.program)


def record(  # noqa: PLR0917 - a row
    rule: int = 0,
    flags: int = 0,
    offset: int = 0,
    length: int = PROGRAM,
    target: int = 0,
    subs: int = 1,
    handler: int = 0,
) -> bytes:
    return layout.SIGNATURE.pack(rule, flags, offset, length, target, subs, handler)


@pytest.mark.parametrize(
    ("records", "field"),
    [
        (record(rule=1), "rule number"),
        (record(flags=4), "flags"),
        (record(offset=1), "length"),
        (record(offset=10**9), "offset"),
        (record(length=PROGRAM - 1), "."),
        (record(length=PROGRAM + 1), "length"),
        (record(target=15), "target"),
        (record(subs=0), "number of subs"),
        (record(subs=65), "number of subs"),
        (record(subs=2), "."),
        (record(handler=1), "handler"),
        (record()[:-1] + b"\1", "reserved"),
        (record() + record(), "offset"),
        (record()[:-1], "count"),
    ],
)
def test_a_broken_record_is_refused(records: bytes, field: str) -> None:
    sections: dict[tuple[int, int], Laid] = {
        **tables(ONE),
        (Section.SIGNATURES, 0): (records, -(-len(records) // 32)),
    }
    with pytest.raises(BadImage, match=field):
        Image(sealed(sections, rules=1))


def test_what_waits_has_to_say_so() -> None:
    for signature in (
        Sig([picture()]),
        Sig([body("6162"), regex(term(0))]),
        Sig([body("6162")], demands=[demand(Condition.ICONS, 0)]),
    ):
        with pytest.raises(BadImage, match="deferred"):
            Image(image(signature))


def test_there_are_as_many_names_as_rules() -> None:
    with pytest.raises(BadImage, match="names"):
        Image(sealed({(Section.NAMES, 0): names(b"a")}, rules=2))


@pytest.mark.parametrize("numbers", [[1], [0, 0], [2**32 - 1]])
def test_what_always_runs_is_in_order_and_exists(numbers: list[int]) -> None:
    listed = struct.pack(f"<{len(numbers)}I", *numbers), len(numbers)
    with pytest.raises(BadImage, match="signature"):
        Image(image(ONE, more={(Section.ALWAYS, 3): listed}))
