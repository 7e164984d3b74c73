"""Behaviour of a tree that grows."""

import pytest

from clearward.egress.frontier import Frontier
from clearward.updates.tree import EMPTY, hash_leaf, hash_pair, split


def reference(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    middle = split(len(leaves))
    return hash_pair(reference(leaves[:middle]), reference(leaves[middle:]))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 1023, 1024, 1025, 3000])
@pytest.mark.parametrize("first", [0, 1, 1024])
def test_the_root_is_that_of_the_whole_tree_however_it_grew(
    size: int, first: int
) -> None:
    leaves = [hash_leaf(b"%d" % number) for number in range(size)]
    tree = Frontier()
    tree.add(leaves[:first])
    tree.copy().add(leaves)
    tree.add(leaves[first:])
    assert (tree.size, tree.root()) == (size, reference(leaves))


def test_peaks_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, [EMPTY])
