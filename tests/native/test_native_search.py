"""Prefilter, look-ups and budgets: the compiled ones do what the reference does."""

import random
import struct

import pytest
from support import image
from support.image import Sig
from support.notation import body

from clearward.core.facts import Facts
from clearward.native.errors import BadImage
from clearward.native.facts import pack_facts
from clearward.native.hashes import ANY_LISTED, SIZES
from clearward.native.image import Image
from clearward.native.layout import ANY_SIZE, Section, State, Where
from clearward.native.reference import Matcher as Reference
from clearward.native.types import Types

native = pytest.importorskip(
    "clearward.native._native", reason="the compiled matcher is not built"
)
NO_TYPES = Types((), {})


def told(data: bytes) -> bytes:
    return pack_facts(Facts(len(data)), NO_TYPES)


def made(text: str, at: bytes = image.place(), *, keyed: bool = True) -> bytes:
    return image.image(Sig([body(text, at, keyed=keyed)]))


def states(text: str, data: bytes, *, keyed: bool = True) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = native.Matcher(made(text, keyed=keyed)).match(
        data, 0, told(data)
    )
    return found


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_an_anchor_is_found_at_every_place_and_length_of_a_part(stride: int) -> None:
    longs = [(b"abcdefgh"[at:], 0) for at in range(stride)]
    longs += [(b"wxyz", 1), (b"zzzzz", 1), (b"yz\0\0", 2)]
    sections = {(Section.PREFILTER, 0): image.prefilter(longs, stride=stride)}
    laid = image.image(*[Sig([body("6162")])] * 3, more=sections, always=False)
    reference, compiled = Reference(Image(laid)), native.Matcher(laid)
    for length in [*range(40), 63, 64, 65, 66]:
        for at in range(length):
            data = (bytes(at) + b"abcdefghwxyz")[:length].ljust(length, b"z")
            assert compiled.candidates(data, 0) == reference.candidates(data, 0)
    assert compiled.candidates(b"..abcdefgh", 0) == [0]
    assert compiled.candidates(b"abcdefgh", 3) == compiled.candidates(b"", 0) == []


def test_short_anchors_are_found_at_every_place() -> None:
    shorts = [(b"ab", 0), (b"abc", 1), (b"q\0", 2), (b"zz\0", 3)]
    sections = {(Section.PREFILTER, 0): image.prefilter(shorts=shorts)}
    laid = image.image(*[Sig([body("6162")])] * 4, more=sections, always=False)
    reference, compiled = Reference(Image(laid)), native.Matcher(laid)
    for data in [
        b"",
        b"a",
        b"ab",
        b"abc",
        b"..ab",
        b"zz",
        b"q",
        b"q\0",
        b".zza",
        b"cab",
    ]:
        assert compiled.candidates(data, 0) == reference.candidates(data, 0)
    assert compiled.candidates(b"..ab", 0) == [0]


def test_only_what_is_marked_by_a_candidate_is_verified() -> None:
    sections = {(Section.PREFILTER, 0): image.prefilter([(b"abcd", 0)])}
    signatures = [Sig([body("61626364")]), Sig([body("6162")])]
    compiled = native.Matcher(image.image(*signatures, more=sections, always=False))
    data = b"..abcd"
    assert compiled.match(data, 0, told(data)) == [(0, State.MATCHES)]
    assert compiled.match(b"..ab", 0, told(b"..ab")) == []
    assert compiled.verify(1, b"..ab", told(b"..ab")) == State.MATCHES
    assert compiled.verify(0, b"..ab", told(b"..ab")) is None


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("length", [2, 3, 15, 16, 17, 31, 33, 40])
def test_a_piece_is_found_across_every_border_of_a_search(
    length: int, *, keyed: bool
) -> None:
    key = bytes(range(65, 65 + length))
    compiled = native.Matcher(made(key.hex(), keyed=keyed))
    for at in range(70):
        for behind in (0, 1, 15, 16, 17):
            data = bytes(at) + key + bytes(behind)
            assert compiled.match(data, 0, told(data)) == [(0, State.MATCHES)]
            assert compiled.match(data[:-1], 0, told(data)) == (
                [(0, State.MATCHES)] if behind else []
            )


@pytest.mark.parametrize(
    "text", ["4?6161", "61" + "?1" * 20, "?1" * 40, "6??2", "6162??4??1" * 8]
)
def test_bytes_under_masks_are_found_across_every_border_of_a_search(text: str) -> None:
    """Though nothing in the piece is plain enough to search for."""
    laid = made(text, keyed=False)
    reference, compiled = Reference(Image(laid)), native.Matcher(laid)
    there = bytes.fromhex(text.replace("?", "1"))
    for at in range(0, 70, 3):
        for behind in (0, 1, 15, 16, 17):
            data = bytes(at) + b"aA" + there + bytes(behind)
            for part in (data, data[:-1]):
                expected = reference.match(part, 0, Facts(len(part)))
                assert compiled.match(part, 0, told(part)) == expected
            assert compiled.match(data, 0, told(data)) == [(0, State.MATCHES)]


@pytest.mark.parametrize("length", [4095, 4096, 4101, 6000])
def test_what_stands_anywhere_is_found_though_many_are_looked_for(length: int) -> None:
    """With so many candidates it is first read what the part has at all."""
    chosen = random.Random(length)  # noqa: S311 - not secret
    texts = [chosen.randbytes(chosen.randint(1, 40)) for _ in range(24)]
    bodies = [
        body(text.hex(), keyed=number % 3 > 0) for number, text in enumerate(texts)
    ]
    either_case = [bytes(chosen.choices(b"AbC \0", k=size)) for size in range(4, 40, 3)]
    for text in either_case:
        masks = bytes(0xDF if chr(byte).isalpha() else 0xFF for byte in text)
        values = bytes(map(int.__and__, text, masks))
        bodies.append(image.body([image.piece(image.masked(values, masks))]))
    signatures = [Sig([one]) for one in bodies]
    anchors = [(b"here", number) for number in range(len(signatures))]
    sections = {(Section.PREFILTER, 0): image.prefilter(anchors)}
    laid = image.image(*signatures, more=sections, always=False)
    reference, compiled = Reference(Image(laid)), native.Matcher(laid)
    for _ in range(2):
        data = bytearray(b"here" + chosen.randbytes(length - 4))
        for text in chosen.sample(texts + either_case, 12):
            at = chosen.randint(4, length - len(text))
            data[at : at + len(text)] = text.swapcase() if text in either_case else text
        data[-len(texts[0]) :] = texts[0]
        part = bytes(data)
        found = compiled.match(part, 0, told(part))
        assert found == reference.match(part, 0, Facts(len(part)))
        assert len(found) > 1


def test_a_key_of_common_bytes_is_found_among_its_like() -> None:
    data = bytes(1000) + b"\1" + bytes(30) + b"\1"
    assert states("00" * 30 + "01", data) == [(0, State.MATCHES)]
    assert states("00" * 31 + "02", data) == []
    assert states("20" * 3, b" " * 2 + b"x" + b" " * 3) == [(0, State.MATCHES)]


def test_a_signature_that_takes_too_many_steps_gives_up() -> None:
    data = b"a" * 3000
    text = "(61|6161)(61|6161)(61|6161)(61|6161)62{1-40}(61|6161)63"
    compiled = native.Matcher(made(text, keyed=False))
    assert compiled.match(data, 0, told(data), 1000) == [(0, State.OUT_OF_STEPS)]
    assert compiled.match(data, 0, told(data)) == []


def test_steps_bound_what_a_body_of_many_pieces_costs() -> None:
    data = b"ab" * 100_000
    compiled = native.Matcher(made("{0-9}".join(["6162"] * 200) + "{0-9}6163"))
    state = compiled.match(data, 0, told(data), 100_000)
    assert state == [(0, State.OUT_OF_STEPS)]


def test_a_range_of_many_places_needs_no_more_room() -> None:
    data = b"aab" * 3000 + b"c"
    assert states("6161{1-3000}62{1-2}63", data, keyed=False) == []
    assert states("6161{1-3000}62{0-2}63", data, keyed=False) == [(0, State.MATCHES)]


def test_look_ups_find_what_those_of_the_reference_find() -> None:
    chosen = random.Random(7)  # noqa: S311 - not secret
    for width, bits in [(16, 0), (16, 3), (20, 5), (32, 9)]:
        digests = sorted(chosen.randbytes(1) * width for _ in range(300))
        digests[100:200] = sorted(digests[100] for _ in range(100))
        sizes = [chosen.choice([1, 2, ANY_SIZE]) for _ in digests]
        for given in (None, sizes):
            sections = {
                (Section.HASHES, 5): image.hash_set(sorted(digests), given, bits=bits)
            }
            laid = image.sealed(sections, rules=300)
            reference, compiled = Reference(Image(laid)), native.Matcher(laid)
            asked = b"".join(bytes([one]) * width for one in range(256))
            told_sizes = struct.pack("<256Q", *[chosen.choice([1, 2, 3])] * 256)
            expected = reference.lookup_many(5, asked, told_sizes)
            assert compiled.lookup_many(5, asked, told_sizes) == expected
            assert expected
            assert compiled.lookup_many(4, asked, told_sizes) == []


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param(None, id="any, since none is said"),
        pytest.param([3, 3, ANY_SIZE], id="any, of one digest"),
        pytest.param([0, SIZES - 1, SIZES + 77], id="some"),
        pytest.param([1, 1 << 40, ANY_SIZE - 1], id="large ones"),
    ],
)
def test_listed_sizes_are_those_of_the_reference(sizes: list[int] | None) -> None:
    listed = [bytes([one]) * 16 for one in range(3 if sizes is None else len(sizes))]
    made = {(Section.HASHES, 2): image.hash_set(listed, sizes)}
    laid = image.sealed(made, rules=9)
    reference, compiled = Reference(Image(laid)), native.Matcher(laid)
    assert compiled.listed_sizes(2) == reference.listed_sizes(2)
    assert compiled.listed_sizes(1) == reference.listed_sizes(1) == ANY_LISTED


def test_a_set_whose_starts_lead_nowhere_is_no_miss() -> None:
    data, count = image.hash_set([bytes(16)], bits=1)
    broken = data[:12] + b"\xff\xff\xff\xff" + data[16:]
    laid = image.sealed({(Section.HASHES, 0): (broken, count)}, rules=1)
    with pytest.raises(BadImage):
        native.Matcher(laid).lookup_many(0, bytes(16), bytes(8))


@pytest.mark.parametrize("length", [0, 31, 33, 47])
def test_facts_of_a_wrong_length_are_refused(length: int) -> None:
    compiled = native.Matcher(made("6162"))
    with pytest.raises(ValueError, match="facts"):
        compiled.match(b"ab", 0, bytes(length))
    with pytest.raises(ValueError, match="facts"):
        compiled.verify(0, b"ab", bytes(length))


def test_what_does_not_exist_is_not_looked_at() -> None:
    compiled = native.Matcher(made("6162"))
    with pytest.raises(IndexError):
        compiled.verify(1, b"ab", told(b"ab"))
    assert compiled.match(b"ab", 99, told(b"ab")) == []
    laid = image.sealed({(Section.HASHES, 0): image.hash_set([bytes(16)])}, 1)
    listed = native.Matcher(laid)
    with pytest.raises(ValueError, match="fit"):
        listed.lookup_many(0, bytes(15), bytes(8))


def test_versions_may_stand_in_any_order() -> None:
    place = image.place(Where.VERSION, 1, 2)
    laid = made("6162", place)
    data = b"..ab.....ab..ab"
    for versions in [(20, 0), (8, 8), (0, 1, 2), (7,), (2**63, 3)]:
        facts = Facts(len(data), versions=versions)
        expected = Reference(Image(laid)).match(data, 0, facts)
        found = native.Matcher(laid).match(data, 0, pack_facts(facts, NO_TYPES))
        assert found == expected
