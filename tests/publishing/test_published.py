"""What others have put into a repository is not continued."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import Key
from support.repositories import Repositories
from support.tuf_client import Client
from tuf.api.metadata import Metadata, Root

from clearward.core.errors import Refused
from clearward.publishing.key_files import KeysFolder
from clearward.publishing.keys import signers
from clearward.publishing.published import current, newest_root
from clearward.publishing.repository import Repository
from clearward.publishing.signing_key import MetadataSigner


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path)
    made.add("One")
    return made


@pytest.mark.parametrize("name", ["timestamp", "2.snapshot", "2.targets", "1.root"])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda it: it["signed"].update(version=9), id="version"),
        pytest.param(lambda it: it["signatures"][0].update(sig="00"), id="signature"),
        pytest.param(lambda it: it["signed"].pop("expires"), id="field"),
    ],
)
def test_metadata_that_was_changed_is_refused(
    made: Repositories, name: str, change: Callable[[Any], object]
) -> None:
    path = made.folder / f"metadata/{name}.json"
    it = json.loads(path.read_bytes())
    change(it)
    path.write_text(json.dumps(it))
    with pytest.raises(Refused, match=f"{name}.json"):
        current(Repository(str(made.folder)))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_metadata_is_refused(made: Repositories, data: bytes) -> None:
    (made.folder / "metadata/timestamp.json").write_bytes(data)
    with pytest.raises(Refused, match=r"timestamp\.json"):
        made.refresh()


def test_a_repository_whose_keys_were_changed_by_hand_is_put_right(
    made: Repositories,
) -> None:
    """A stolen key is replaced with other tools, and metadata is signed anew."""
    repository = Repository(str(made.folder))
    client = Client(made.folder)
    keys = KeysFolder(str(made.keys))
    old = newest_root(repository).signed
    (signer,) = signers(keys, "root", old)
    root = newest_root(repository).signed
    for role in ("targets", "timestamp"):
        root.revoke_key(root.roles[role].keyids[0], role)
        (made.keys / f"{role}.pem").unlink()
        keys.make(role)
    root.version = 2
    root.add_key(_public(keys, "targets"), "targets")
    root.add_key(_public(keys, "timestamp"), "timestamp")
    metadata = Metadata[Root](root)
    metadata.sign(signer)
    repository.write("metadata/2.root.json", metadata.to_bytes())
    made.refresh()
    client.see()
    made.add("Two")
    client.see()


def _public(keys: KeysFolder, role: str) -> Key:
    return MetadataSigner(keys.find(role)[0]).public_key
