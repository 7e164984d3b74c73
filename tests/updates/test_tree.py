"""Proofs over a tree: those that are made hold, and no others."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.updates import tree
from clearward.updates.tree import Unproven, hash_leaf, hash_pair

ENTRIES = [b"entry %d" % number for number in range(70)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]


def subtree(start: int, end: int) -> bytes:
    """As RFC 6962 defines it."""
    if start == end:
        return tree.EMPTY
    if end - start == 1:
        return LEAVES[start]
    middle = start + tree.split(end - start)
    return hash_pair(subtree(start, middle), subtree(middle, end))


sizes = st.integers(1, len(ENTRIES))


@given(size=sizes, data=st.data())
def test_an_entry_is_shown_to_be_in_a_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = tree.prove_inclusion(index, size, subtree)
    root = subtree(0, size)
    tree.check_inclusion(index, size, LEAVES[index], proof, root)
    other = data.draw(st.integers(0, size))
    if other != index:
        with pytest.raises(Unproven):
            tree.check_inclusion(other, size, LEAVES[index], proof, root)
    with pytest.raises(Unproven):
        tree.check_inclusion(index, size, hash_leaf(b"another"), proof, root)
    with pytest.raises(Unproven):
        tree.check_inclusion(index, size, LEAVES[index], [*proof, root], root)


@given(old=sizes, new=sizes, data=st.data())
def test_a_tree_is_shown_to_continue_another(
    old: int, new: int, data: st.DataObject
) -> None:
    old, new = sorted((old, new))
    proof = tree.prove_consistency(old, new, subtree)
    roots = subtree(0, old), subtree(0, new)
    tree.check_consistency(old, new, *roots, proof)
    wrong = bytearray(b"".join([*roots, *proof]))
    wrong[data.draw(st.integers(0, len(wrong) - 1))] ^= 1
    one, two, *rest = [bytes(wrong[at : at + 32]) for at in range(0, len(wrong), 32)]
    with pytest.raises(Unproven):
        tree.check_consistency(old, new, one, two, rest)
    if proof:
        with pytest.raises(Unproven):
            tree.check_consistency(old, new, *roots, proof[:-1])
    with pytest.raises(Unproven):
        tree.check_consistency(old, new, *roots, [*proof, roots[0]])


@given(
    numbers=st.tuples(*[st.integers(-1, 1 << 65)] * 2),
    hashes=st.lists(st.binary(min_size=31, max_size=33), min_size=2, max_size=70),
)
def test_whatever_comes_there_is_one_error(
    numbers: tuple[int, int], hashes: list[bytes]
) -> None:
    one, two, *rest = hashes
    with suppress(Unproven):
        tree.check_inclusion(*numbers, one, rest, two)
        assert numbers[0] < numbers[1]
    with suppress(Unproven):
        tree.check_consistency(*numbers, one, two, rest)
        assert numbers[0] <= numbers[1]


def test_nothing_continues_an_empty_tree() -> None:
    with pytest.raises(Unproven):
        tree.check_consistency(0, 1, tree.EMPTY, LEAVES[0], [])


def test_a_whole_subtree_is_folded() -> None:
    for bits in range(7):
        assert tree.fold(LEAVES[: 1 << bits]) == subtree(0, 1 << bits)
