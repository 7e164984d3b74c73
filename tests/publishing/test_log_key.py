"""The log gets a new key; clients of the old one go on until it is taken away."""

from pathlib import Path

import pytest
from support.repositories import Repositories
from support.signing import Signer
from support.tuf_client import Client

from clearward.publishing.key_files import KeysFolder
from clearward.publishing.log_key import rotate_log
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.signatures import Unsigned


def turn(made: Repositories, old: PublicKey) -> PublicKey:
    with made.releasing() as releasing:
        return rotate_log(releasing, KeysFolder(str(made.keys)), old)


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    witness = Signer("w.example/1", Kind.COSIGNATURE_ED25519)
    made = Repositories(tmp_path, witnesses=[witness], quorum=1)
    made.add("One")
    return made


def test_both_keys_sign_until_the_old_one_is_removed(made: Repositories) -> None:
    before = Client(made.folder)
    with before.watching():
        new = turn(made, made.log_key)
    assert new.name == made.log_key.name
    after = Client(made.folder)
    assert [one.key for one in after.policy.logs] == [new]
    with before.watching(), after.watching():
        made.add("Two")
        made.refresh()
    (made.keys / "log-2.pem").unlink()
    made.add("Three")
    after.see()
    with pytest.raises(Unsigned):
        before.see()


def test_it_can_be_done_again(made: Repositories) -> None:
    client = Client(made.folder)
    new = turn(made, turn(made, made.log_key))
    made.add("Two")
    client.see()
    names = sorted(path.name for path in made.keys.glob("log*"))
    assert names == ["log-2.pem", "log-3.pem", "log.pem"]
    assert [one.key for one in Client(made.folder).policy.logs] == [new]
