"""Behaviour of the signed head."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Malformed
from clearward.egress.frontier import Frontier
from clearward.egress.head import Head, public
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note, Signature
from clearward.updates.signatures import Unsigned
from clearward.updates.tree import hash_leaf

KEY = Ed25519PrivateKey.generate()


def head() -> Head:
    tree = Frontier()
    tree.add([hash_leaf(b"%d" % number) for number in range(5)])
    return Head(tree, 812, 2)


def test_it_comes_back() -> None:
    found = Head.read(head().sign(KEY), public(KEY))
    assert (found.tree.size, found.tree.root()) == (5, head().tree.root())
    assert (found.length, found.connections) == (812, 2)


def test_every_changed_byte_is_seen() -> None:
    data = head().sign(KEY)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises((Malformed, Unsigned)):
            Head.read(bytes(changed), public(KEY))


def test_another_key_is_not_believed() -> None:
    with pytest.raises(Unsigned):
        Head.read(head().sign(KEY), public(Ed25519PrivateKey.generate()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bytes 812", "bytes x"),
        ("connections 2", "bytes 2"),
        ("peak ", "top "),
        ("clearward/ledger", "another"),
        ("\n5\n", "\n7\n"),
    ],
)
def test_what_is_signed_has_to_be_a_head(old: str, new: str) -> None:
    text = Note.parse(head().sign(KEY)).text.replace(old, new, 1)
    signature = Signature(
        "clearward/ledger", public(KEY).number, KEY.sign(text.encode())
    )
    with pytest.raises(Malformed):
        Head.read(Note(text, (signature,)).to_bytes(), public(KEY))


def test_peaks_have_to_make_the_root() -> None:
    found = Checkpoint.parse(Note.parse(head().sign(KEY)).text)
    text = str(Checkpoint(found.origin, found.size, bytes(32), found.more))
    signature = Signature(
        "clearward/ledger", public(KEY).number, KEY.sign(text.encode())
    )
    with pytest.raises(Malformed, match="root"):
        Head.read(Note(text, (signature,)).to_bytes(), public(KEY))


@given(st.binary())
def test_any_bytes_are_no_head(data: bytes) -> None:
    with pytest.raises((Malformed, Unsigned)):
        Head.read(data, public(KEY))
