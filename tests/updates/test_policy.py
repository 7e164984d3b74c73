"""What a user's policy lets pass, and proofs that are checked under it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signing import Signer

from clearward.core.errors import Malformed
from clearward.updates import tree
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.policy import Policy, Unwitnessed
from clearward.updates.proof import Proof
from clearward.updates.signatures import Unsigned

LOG = Signer("example.com/log")
ONE = Signer("one", Kind.COSIGNATURE_ED25519)
TWO = Signer("two", Kind.COSIGNATURE_ML_DSA_44)
ENTRY = b"an entry"
HEAD = Checkpoint(LOG.name, 1, tree.hash_leaf(ENTRY))


def policy(*lines: str) -> Policy:
    """Both witnesses, and what a test adds."""
    known = (
        f"log {LOG.public} https://example.com/",
        f"witness 1 {ONE.public}",
        f"witness 2 {TWO.public}",
    )
    return Policy.parse("# trusted\n\n" + "\n".join(known + lines))


def head(*signers: Signer) -> bytes:
    note = Note(str(HEAD), ())
    for signer in signers:
        note = signer.sign(note)
    return note.to_bytes()


@pytest.mark.parametrize(
    ("quorum", "enough"),
    [
        (["quorum none"], ([], [ONE])),
        (["quorum 1"], ([ONE], [ONE, TWO])),
        (["group g any 1 2", "quorum g"], ([ONE], [TWO])),
        (["group g all 1 2", "quorum g"], ([ONE, TWO],)),
        (["group g 2 1 2", "quorum g"], ([TWO, ONE],)),
        (["group g any 1", "group h all g 2", "quorum h"], ([ONE, TWO],)),
    ],
)
def test_a_checkpoint_counts_if_enough_witnesses_signed(
    quorum: list[str], enough: tuple[list[Signer], ...]
) -> None:
    for signers in ([], [ONE], [TWO], [ONE, TWO], [TWO, ONE]):
        data = head(LOG, *signers)
        if any(set(map(id, one)) <= set(map(id, signers)) for one in enough):
            assert policy(*quorum).check(data) == HEAD
        else:
            with pytest.raises(Unwitnessed):
                policy(*quorum).check(data)


def test_the_log_has_to_sign_whatever_witnesses_say() -> None:
    trusted = policy("quorum none")
    with pytest.raises(Unsigned):
        trusted.check(head(ONE, TWO))
    with pytest.raises(Unsigned):
        trusted.check(head(Signer(LOG.name)))
    data = head(LOG).replace(b"example.com/log\n1", b"example.com/other\n1")
    with pytest.raises(Unsigned):
        trusted.check(data)


def test_a_witness_of_another_checkpoint_does_not_count() -> None:
    other = Checkpoint(LOG.name, 1, tree.hash_leaf(b"another"))
    for witness in (ONE, TWO):
        moved = witness.sign(Note(str(other), ())).signatures
        data = LOG.sign(Note(str(HEAD), ())).signed(*moved).to_bytes()
        with pytest.raises(Unwitnessed):
            policy("group g any 1 2", "quorum g").check(data)


@pytest.mark.parametrize(
    "lines",
    [
        *([], ["quorum 3"], ["quorum 1", "quorum 1"], ["quorum"], ["hello"]),
        *(["group g 3 1 2", "quorum g"], ["group g 0 1", "quorum g"], ["group g 01 1"]),
        *(["group g any 1 1", "quorum g"], ["group 1 any 2", "quorum 1"]),
        *(["group g any none", "quorum g"], ["group none any 1", "quorum none"]),
        # In two groups a witness would count twice.
        ["group g any 1", "group h any 1 2", "group i all g h", "quorum i"],
        [f"witness 3 {ONE.public}", "quorum 3"],
        [f"witness 3 {LOG.public}", "quorum 3"],
        [f"log {LOG.public}", "quorum none"],
        [f"log {ONE.public}", "quorum none"],
    ],
)
def test_what_is_no_policy_is_refused(lines: list[str]) -> None:
    with pytest.raises(Malformed):
        policy(*lines)


@given(st.text(alphabet="log witnesgrupqm123anyl\t\n#", max_size=200))
def test_any_text_is_a_policy_or_malformed(text: str) -> None:
    with suppress(Malformed):
        assert Policy.parse(text).quorum


def test_a_proof_shows_offline_that_an_entry_is_logged() -> None:
    trusted = policy("group g all 1 2", "quorum g")
    proof = Proof(0, (), head(LOG, ONE, TWO), b"more")
    read = Proof.parse(proof.to_bytes())
    assert read == proof
    assert read.check(ENTRY, trusted) == HEAD
    with pytest.raises(tree.Unproven):
        read.check(b"another", trusted)
    with pytest.raises(Unwitnessed):
        Proof(0, (), head(LOG, ONE)).check(ENTRY, trusted)


@given(data=st.binary(max_size=300), begun=st.booleans())
def test_any_bytes_are_a_proof_or_malformed(data: bytes, *, begun: bool) -> None:
    whole = b"c2sp.org/tlog-proof@v1\nindex " * begun + data
    with suppress(Malformed):
        assert Proof.parse(whole).to_bytes() == whole


@given(st.text(max_size=100))
def test_any_text_is_a_checkpoint_or_malformed(text: str) -> None:
    with suppress(Malformed):
        assert str(Checkpoint.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "a\n", f"a\n01\n{'A' * 43}=\n", f"a\n1\n{'A' * 43}B\n"),
        *(f"a\n1\n{'A' * 43}=", f"a\n1\n{'A' * 43}=\n\nb\n", "a\n1\nAAAA\n"),
        f"a\n{1 << 63}\n{'A' * 43}=\n",
        f"a\n0\n{'A' * 43}=\n",  # not the root of an empty tree
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)
