"""Keys are changed, and no client sees a gap."""

import shutil
from pathlib import Path

import pytest
from support.repositories import Repositories
from support.tuf_client import Client

from clearward.core.errors import Refused
from clearward.publishing.key_files import KeysFolder
from clearward.publishing.keys import ROLES, signer_of
from clearward.publishing.published import newest_root
from clearward.publishing.repository import Repository
from clearward.publishing.rotating import rotate
from clearward.publishing.signing import sign
from clearward.publishing.staging import Waiting


def turn(made: Repositories, role: str) -> str:
    with made.releasing() as releasing:
        return rotate(releasing.publisher, KeysFolder(str(made.keys)), role)


def named(made: Repositories, role: str) -> list[str]:
    root = newest_root(Repository(str(made.folder))).signed
    return list(root.roles[role].keyids)


def keyid(path: Path) -> str:
    return str(signer_of(path.read_bytes(), str(path)).public_key.keyid)


@pytest.fixture
def made(tmp_path: Path) -> Repositories:
    made = Repositories(tmp_path)
    made.add("One")
    return made


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_a_new_key_without_a_gap(made: Repositories, role: str) -> None:
    client = Client(made.folder)
    old = named(made, role)
    with client.watching():
        new = turn(made, role)
    assert named(made, role) == [new] != old
    assert [path.name for path in made.keys.glob(f"{role}*")] == [f"{role}.pem"]
    assert keyid(made.keys / f"{role}.pem") == new
    assert (made.keys / f"{role}.pem").stat().st_mode & 0o777 == 0o600
    with client.watching():
        made.add("Two")
        made.refresh()
    Client(made.folder).see()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "root"])
def test_a_root_that_is_kept_elsewhere_signs_later(
    made: Repositories, tmp_path: Path, role: str
) -> None:
    client = Client(made.folder)
    away = Path(shutil.move(made.keys / "root.pem", tmp_path / "away.pem"))
    old = named(made, role)
    with client.watching():
        for _ in range(2):
            with pytest.raises(Waiting, match="0 signatures, and 1"):
                turn(made, role)
        made.refresh()
        made.add("Two")
        assert named(made, role) == old
        repository = Repository(str(made.folder))
        (signed,) = sign(repository, signer_of(away.read_bytes(), ""))
        assert (signed.role, signed.version, signed.complete) == ("root", 2, True)
        assert named(made, role) != old
        made.refresh()
    assert named(made, role) == [keyid(made.keys / f"{role}.pem")]
    assert not any((made.folder / "staged").iterdir())


def test_several_keys_are_changed_by_one_root(
    made: Repositories, tmp_path: Path
) -> None:
    away = Path(shutil.move(made.keys / "root.pem", tmp_path / "away.pem"))
    for role in ("snapshot", "timestamp"):
        with pytest.raises(Waiting):
            turn(made, role)
    old = named(made, "snapshot") + named(made, "timestamp")
    sign(Repository(str(made.folder)), signer_of(away.read_bytes(), ""))
    assert not {*old} & {*named(made, "snapshot"), *named(made, "timestamp")}
    made.refresh()


def test_a_threshold_is_met_by_keys_that_are_kept_apart(tmp_path: Path) -> None:
    made = Repositories(tmp_path, thresholds={"root": 2, "targets": 2})
    aside = tmp_path / "aside"
    aside.mkdir()
    for role in ("root", "targets"):
        shutil.move(made.keys / f"{role}-2.pem", aside)
    client = Client(made.folder)
    with client.watching(), pytest.raises(Waiting, match="1 signatures, and 2"):
        made.add("One")
    with pytest.raises(Waiting):
        made.add("Two")
    made.refresh()
    assert not client.see()
    repository = Repository(str(made.folder))
    with pytest.raises(Refused, match="nothing waits"):
        sign(repository, signer_of((made.keys / "snapshot.pem").read_bytes(), ""))
    key = (aside / "targets-2.pem").read_bytes()
    with client.watching():
        (signed,) = sign(repository, signer_of(key, ""))
        assert signed.complete
        assert signed.says[0].startswith("rules.cwr: ")
        made.refresh()
    assert len(client.see()) == 3


def test_who_lacks_a_key_is_told_which(made: Repositories) -> None:
    (made.keys / "timestamp.pem").unlink()
    with pytest.raises(Refused, match="0 of 1 keys of the role timestamp"):
        turn(made, "targets")
