"""Public test vectors of logs and signatures: what others accept and refuse."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

from clearward.core.errors import ClearwardError
from clearward.updates import base64_text, tiles, tree
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.note import Note, Signature
from clearward.updates.signatures import check
from clearward.updates.tiles import Tiles
from clearward.updates.tree import Unproven

from .conftest import unpacked


@pytest.fixture(scope="module")
def vectors(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = shared / "vectors" / "vectors.tar.zst"
    return unpacked(archive, tmp_path_factory.mktemp("vectors"))


def cases(folder: Path) -> list[dict[str, Any]]:
    found = [json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))]
    assert found
    return found


def decoded(hashes: list[str] | None) -> list[bytes]:
    return [b64decode(one) for one in hashes or []]


def test_proofs_of_inclusion(vectors: Path) -> None:
    for case in cases(vectors / "merkle" / "inclusion"):
        leaf, root = decoded([case["leafHash"], case["root"]])
        given = case["leafIdx"], case["treeSize"], leaf, decoded(case["proof"]), root
        try:
            tree.check_inclusion(*given)
        except Unproven:
            assert case["wantErr"], case["desc"]
        else:
            assert not case["wantErr"], case["desc"]


def test_proofs_of_consistency(vectors: Path) -> None:
    for case in cases(vectors / "merkle" / "consistency"):
        old, new = decoded([case["root1"], case["root2"]])
        proof = decoded(case["proof"])
        try:
            tree.check_consistency(case["size1"], case["size2"], old, new, proof)
        except Unproven:
            # Of an empty tree nothing is shown, whatever the proof is.
            assert case["wantErr"] or not case["size1"], case["desc"]
        else:
            assert not case["wantErr"], case["desc"]


def test_a_log_that_another_program_wrote(vectors: Path) -> None:
    folder = vectors / "tlog-tiles"
    about = json.loads((folder / "about.json").read_text())
    key = PublicKey.parse(about["public_key"])
    heads: dict[int, Checkpoint] = {}
    files: dict[str, bytes] = {}
    for size in range(len(about["leaves"]) + 1):
        note = Note.parse((folder / f"checkpoint.{size}").read_bytes())
        check(note, key)
        heads[size] = Checkpoint.parse(note.text)
        assert heads[size].origin == about["origin"]
        log = Tiles(size, lambda name: (folder / name).read_bytes())
        assert log.root() == heads[size].root
        for old in range(1, size + 1):
            proof = tree.prove_consistency(old, size, log.subtree)
            roots = heads[old].root, heads[size].root
            tree.check_consistency(old, size, *roots, proof)
    for size, leaf in enumerate(about["leaves"]):
        for name, data in tiles.grow(size, [leaf.encode()], files.__getitem__):
            files[name] = data
            assert (folder / name).read_bytes() == data


def test_a_signed_note_of_another_program(vectors: Path) -> None:
    (case,) = cases(vectors / "note")
    note = Note.parse(f"{case['text']}\n{case['signature_line']}".encode())
    key = PublicKey.parse(case["vkey"])
    check(note, key)
    seed = base64_text.decode(case["skey"].split("+", 4)[4])[1:]
    signed = ed25519.Ed25519PrivateKey.from_private_bytes(seed).sign(
        case["text"].encode()
    )
    line = Signature(key.name, key.number, signed).line()
    assert line == case["signature_line"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ed25519_test.json", Kind.ED25519),
        ("mldsa_44_verify_test.json", Kind.COSIGNATURE_ML_DSA_44),
    ],
)
def test_signatures_of_wycheproof(vectors: Path, name: str, kind: Kind) -> None:
    """What the library below us says; with a context there is nothing of ours."""
    whole = json.loads((vectors / "wycheproof" / name).read_text())
    count = 0
    for group in whole["testGroups"]:
        key = group["publicKey"]
        data = bytes.fromhex(key["pk"] if isinstance(key, dict) else key)
        for case in group["tests"]:
            signed = {"msg": b"", "sig": b"", "ctx": b""} | {
                field: bytes.fromhex(case.get(field, "")) for field in ("msg", "sig")
            }
            context = bytes.fromhex(case.get("ctx", ""))
            if "msg" not in case:  # a digest in the place of a message
                continue
            valid = accepted(kind, data, signed["msg"], signed["sig"], context)
            assert valid == (case["result"] == "valid"), case["tcId"]
            count += 1
    assert count > 100


def accepted(
    kind: Kind, key: bytes, message: bytes, signature: bytes, context: bytes
) -> bool:
    try:
        if kind is Kind.ED25519:
            ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        else:
            public = mldsa.MLDSA44PublicKey.from_public_bytes(key)
            public.verify(signature, message, context)
    except (InvalidSignature, ValueError, ClearwardError):
        return False
    return True
