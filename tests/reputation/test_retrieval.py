"""A column comes back, and the query does not say which it was."""

import os
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Malformed, Refused
from clearward.reputation import retrieval
from clearward.reputation.matrix import NUMBER, times, unpack
from clearward.reputation.retrieval import WIDTH, answer, column, hint, query

SEED = b"a release"


@settings(max_examples=20, deadline=None)
@given(st.data(), st.integers(1, 8), st.integers(1, 12))
def test_the_column_that_is_asked_for_comes_back(
    data: st.DataObject, rows: int, columns: int
) -> None:
    held = data.draw(st.binary(min_size=rows * columns, max_size=rows * columns))
    wanted = data.draw(st.integers(0, columns - 1))
    asked = query(wanted, columns, SEED, os.urandom)
    assert len(asked.message) == columns * NUMBER
    said = answer(held, columns, asked.message)
    assert column(said, asked, hint(held, columns, SEED)) == held[wanted::columns]


def test_the_errors_never_matter_in_the_widest_matrix() -> None:
    columns = 1 << 12  # sixteen times as many make them four times as large
    held = b"\xff" * columns
    asked = query(7, columns, SEED, os.urandom)
    masks = times(hint(held, columns, SEED), WIDTH, list(asked.secret))
    (said,) = unpack(answer(held, columns, asked.message))
    error = (said - masks[0] - (0xFF << 24) + (1 << 31)) % (1 << 32) - (1 << 31)
    assert 4 * abs(error) < 1 << 23


def test_two_queries_for_one_column_have_nothing_in_common() -> None:
    first, second = (query(3, 50, SEED, os.urandom).message for _ in range(2))
    same = sum(
        one == other for one, other in zip(unpack(first), unpack(second), strict=True)
    )
    assert same <= 1


def test_without_its_secret_a_query_is_as_even_at_the_column_as_elsewhere() -> None:
    queries = [unpack(query(3, 8, SEED, os.urandom).message) for _ in range(300)]
    means = [
        statistics.fmean(one[place] / (1 << 32) for one in queries)
        for place in range(8)
    ]
    assert all(abs(mean - 0.5) < 0.1 for mean in means)  # six deviations


def test_a_query_has_errors_without_which_its_secret_could_be_computed() -> None:
    asked = query(3, 400, SEED, os.urandom)
    matrix = retrieval.public_matrix(SEED, 400)
    masks = times(matrix, WIDTH, list(asked.secret))
    found = [
        (one - mask + (1 << 31)) % (1 << 32) - (1 << 31)
        for one, mask in zip(unpack(asked.message), masks, strict=True)
    ]
    assert found.pop(3) > 1 << 23
    assert 5 < statistics.pstdev(found) < 8


def test_errors_are_as_the_paper_has_them() -> None:
    chance = random.Random(20261124)  # noqa: S311 - the same every time
    errors = retrieval._errors(200_000, chance.randbytes)  # noqa: SLF001
    assert abs(statistics.fmean(errors)) < 0.1
    assert statistics.pstdev(errors) == pytest.approx(6.4, rel=0.01)


def test_other_lengths_are_refused() -> None:
    asked = query(0, 4, SEED, os.urandom)
    hinted = hint(bytes(8), 4, SEED)
    with pytest.raises(Malformed):
        answer(bytes(8), 4, asked.message + b"\0")
    with pytest.raises(Malformed):
        column(bytes(4), asked, hinted)
    for wrong, columns in ((-1, 4), (4, 4), (0, (1 << 16) + 1)):
        with pytest.raises(Refused):
            query(wrong, columns, SEED, os.urandom)
