"""Reviews: what they cover, and that nothing else is covered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import ClearwardError, Malformed
from clearward.updates.keys import Kind
from clearward.updates.review import Review, Reviewed, covers, signed
from clearward.updates.signatures import Unsigned
from clearward.updates.signers import Signer

SOURCE = "ab" * 32
ONE = Reviewed("spy", SOURCE, "marking")
TWO = Reviewed("spy", SOURCE, "probe")
ANNA = Signer.made("anna", Kind.ED25519)
OTHER = Signer.made("anna", Kind.ED25519)
RECORD = signed([TWO, ONE, ONE], ANNA)


def test_a_review_says_what_was_signed() -> None:
    review = Review.parse(RECORD)
    assert (review.key, review.findings) == (ANNA.public, frozenset((ONE, TWO)))


def test_the_same_findings_give_the_same_bytes() -> None:
    assert signed([ONE, TWO], ANNA) == RECORD


def test_what_was_signed_is_covered() -> None:
    assert covers([ONE, TWO], [RECORD], [ANNA.public]) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, rule="other"),
        replace(ONE, source="cd" * 32),
        replace(ONE, why="targeting"),
    ],
)
def test_anything_else_is_not(other: Reviewed) -> None:
    assert covers([other, ONE], [RECORD], [ANNA.public]) == [other]


def test_without_a_review_nothing_is_covered() -> None:
    assert covers([TWO, ONE], [], [ANNA.public]) == [ONE, TWO]


def test_several_reviews_cover_together() -> None:
    records = [signed([ONE], ANNA), signed([TWO], OTHER)]
    assert covers([ONE, TWO], records, [ANNA.public, OTHER.public]) == []


@pytest.mark.parametrize("keys", [[], [OTHER.public]])
def test_a_key_that_nobody_believes_covers_nothing(keys: list[object]) -> None:
    with pytest.raises(Unsigned):
        covers([ONE], [RECORD], keys)  # type: ignore[arg-type]


def test_a_record_that_was_changed_is_refused() -> None:
    with pytest.raises(Unsigned):
        Review.parse(RECORD.replace(b'"rule":"spy"', b'"rule":"spx"'))


def test_another_key_in_its_place_is_refused() -> None:
    changed = RECORD.replace(str(ANNA.public).encode(), str(OTHER.public).encode())
    with pytest.raises(Unsigned):
        Review.parse(changed)


def resigned(*lines: str) -> bytes:
    """A record of any lines, with a good signature."""
    from clearward.updates.note import Note  # noqa: PLC0415 - of this alone

    note = Note("\n".join(lines) + "\n", ())
    return note.signed(ANNA.sign(note, 0)).to_bytes()


@pytest.mark.parametrize(
    "lines",
    [
        ("something-else/v1", str(ANNA.public), ONE.line()),
        ("clearward-review/v1",),
        ("clearward-review/v1", "no key", ONE.line()),
        ("clearward-review/v1", str(ANNA.public), TWO.line(), ONE.line()),
        ("clearward-review/v1", str(ANNA.public), ONE.line(), ONE.line()),
        ("clearward-review/v1", str(ANNA.public), " " + ONE.line()),
        ("clearward-review/v1", str(ANNA.public), "{}"),
        ("clearward-review/v1", str(ANNA.public), "[1]"),
        ("clearward-review/v1", str(ANNA.public), '{"rule":1,"source":2,"why":3}'),
        ("clearward-review/v1", str(ANNA.public), replace(ONE, source="x").line()),
    ],
)
def test_another_form_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(Malformed):
        Review.parse(resigned(*lines))


def test_a_key_of_a_witness_reviews_nothing() -> None:
    witness = Signer.made("anna", Kind.COSIGNATURE_ED25519)
    with pytest.raises(Malformed):
        signed([ONE], witness)
    with pytest.raises(Malformed):
        Review.parse(resigned("clearward-review/v1", str(witness.public), ONE.line()))


@given(st.integers(0, len(RECORD) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, key: int) -> None:
    changed = bytearray(RECORD)
    changed[place] ^= key
    with pytest.raises(ClearwardError):
        covers([ONE, TWO], [bytes(changed)], [ANNA.public])


@given(st.binary())
def test_any_bytes_are_a_review_or_none(data: bytes) -> None:
    with pytest.raises(ClearwardError):
        Review.parse(data)
