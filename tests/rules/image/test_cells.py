"""Tests of pieces as rows of cells."""

from clearward.native.layout import Border
from clearward.rules.clamav.model import Bytes, Choice, Edge, Masked, Piece, Skip
from clearward.rules.image.cells import Run, has_choice, rows_of

AB = Bytes(b"ab")
SAME = Choice(((Bytes(b"c"),), (Bytes(b"d"),)))
OTHER = Choice(((Bytes(b"c"),), (Bytes(b"de"),)))
NOT = Choice(((Bytes(b"cd"),), (Bytes(b"de"),)), negated=True)


def rows(*piece: object, expand: bool = False) -> list[list[tuple[bytes, bytes]]]:
    found = rows_of(tuple(piece), expand=expand)  # type: ignore[arg-type]  # elements
    return [[(run.values, run.masks) for run in row] for row in found]


def test_cells_run_through_masks_and_few_bytes_of_any_value() -> None:
    assert rows(AB, Masked(b"\xff\xff", b"\x0f\xff"), Skip(2), AB) == [
        [(b"ab\x0f\xff\0\0ab", b"\xff\xff\x0f\xff\0\0\xff\xff")]
    ]


def test_many_bytes_of_any_value_and_borders_end_a_run() -> None:
    both = [[(b"ab", b"\xff\xff"), (b"ab", b"\xff\xff")]]
    assert rows(AB, Skip(9), AB) == both
    assert rows(AB, Edge(Border.WORD), AB) == both
    assert rows(AB, OTHER, AB) == both


def test_alternatives_of_one_length_are_bytes_of_any_value() -> None:
    assert rows(AB, SAME, AB) == [[(b"ab\0ab", b"\xff\xff\0\xff\xff")]]
    assert rows(AB, NOT, expand=True) == [[(b"ab\0\0", b"\xff\xff\0\0")]]


def test_expanded_alternatives_make_rows() -> None:
    assert rows(AB, OTHER, AB, expand=True) == [
        [(b"abcab", b"\xff" * 5)],
        [(b"abdeab", b"\xff" * 6)],
    ]
    assert rows(Choice(((SAME,), (AB,))), expand=True) == [
        [(b"c", b"\xff")],
        [(b"d", b"\xff")],
        [(b"ab", b"\xff\xff")],
    ]


def test_too_many_rows_are_not_made() -> None:
    piece: Piece = (SAME,) * 5
    assert len(rows_of(piece, expand=True)) == 16
    assert rows_of(piece, expand=False) == [[]]


def test_only_alternatives_that_are_not_negated_can_be_expanded() -> None:
    assert has_choice((AB, OTHER))
    assert not has_choice((AB, NOT))


def test_a_run_of_nothing_but_any_bytes_is_none() -> None:
    assert rows_of((Skip(3),), expand=False) == [[]]
    assert rows_of((AB,), expand=False) == [[Run(b"ab", b"\xff\xff")]]
