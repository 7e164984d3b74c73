"""A log as files: what is written is what the tree has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.updates import tiles, tree
from clearward.updates.tiles import Tiles

ENTRIES = [b"%d" % number for number in range(1100)]
LEAVES = [tree.hash_leaf(entry) for entry in ENTRIES]


class Files:
    """A log that grows."""

    def __init__(self, *steps: int) -> None:
        self.files: dict[str, bytes] = {}
        self.size = 0
        for step in steps:
            more = ENTRIES[self.size : self.size + step]
            for name, data in tiles.grow(self.size, more, self.read):
                self.files[name] = data
            self.size += len(more)

    def read(self, name: str) -> bytes:
        try:
            return self.files[name]
        except KeyError:
            raise FileNotFoundError(name) from None


def root(size: int) -> bytes:
    """The root, the plain way."""
    level = LEAVES[:size]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        rest = level[-1:] * (len(level) % 2)
        level = [tree.hash_pair(left, right) for left, right in pairs] + rest
    return level[0] if level else tree.EMPTY


@settings(max_examples=40)
@given(st.lists(st.integers(0, 300), max_size=4))
def test_a_log_has_the_root_of_its_entries_however_it_grew(steps: list[int]) -> None:
    log = Files(*steps)
    assert Tiles(log.size, log.read).root() == root(log.size)
    whole = {
        name: data for name, data in Files(log.size).files.items() if ".p/" not in name
    }
    assert whole.items() <= log.files.items()


def test_proofs_are_made_from_tiles() -> None:
    log = Files(1000)
    found = Tiles(1000, log.read)
    for index in (0, 255, 256, 999):
        proof = tree.prove_inclusion(index, 1000, found.subtree)
        tree.check_inclusion(index, 1000, LEAVES[index], proof, root(1000))
    for old in (1, 255, 256, 512, 768, 999):
        proof = tree.prove_consistency(old, 1000, found.subtree)
        tree.check_consistency(old, 1000, root(old), root(1000), proof)


def test_a_tile_that_a_larger_log_has_whole_is_cut_to_size() -> None:
    log = Files(300, 300)
    del log.files["tile/0/001.p/44"]
    assert Tiles(300, log.read).root() == root(300)


def test_a_tile_that_is_cut_is_noticed() -> None:
    log = Files(300)
    log.files["tile/0/001.p/44"] = log.files["tile/0/001.p/44"][:-1]
    with pytest.raises(Malformed):
        Tiles(300, log.read).root()
    with pytest.raises(Malformed):
        list(tiles.grow(300, [b"more"], log.read))


def test_entries_lie_in_bundles() -> None:
    log = Files(100, 200)
    assert tiles.bundle(log.files["tile/entries/000"]) == ENTRIES[:256]
    assert tiles.bundle(log.files["tile/entries/001.p/44"]) == ENTRIES[256:300]
    with pytest.raises(Malformed):
        list(tiles.grow(0, [bytes(1 << 16)], log.read))


@given(st.binary(max_size=100))
def test_any_bytes_are_a_bundle_or_malformed(data: bytes) -> None:
    try:
        entries = tiles.bundle(data)
    except Malformed:
        return
    assert b"".join(len(one).to_bytes(2, "big") + one for one in entries) == data


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0, "tile/0/000"),
        (999, "tile/0/999"),
        (1000, "tile/0/x001/000"),
        (1_234_067, "tile/0/x001/x234/067"),
    ],
)
def test_tiles_have_the_names_of_the_specification(number: int, name: str) -> None:
    assert tiles.path(0, number) == name
    assert tiles.path(0, number, 12) == f"{name}.p/12"
