"""A backup is the whole store, for either database; it is put in whole, or not."""

import gzip
import json
from pathlib import Path

import pytest
from support.command import clearward
from support.postgres import fresh, postgres_folder
from support.taxii import Instance, indicator, instance, served

__all__ = ["postgres_folder"]


def _filled(there: Instance) -> Path:
    there.user("xena", "Org X", "--write")
    there.run("collection", "add", "first", "--read", "xena")
    bundle = {
        "type": "bundle",
        "objects": [indicator("a.example"), indicator("b.example")],
    }
    path = there.folder / "bundle.json"
    path.write_text(json.dumps(bundle))
    there.run("import", str(path), "--collection", "first", "--org", "Org X")
    backup = there.folder / "backup"
    there.run("backup", str(backup))
    assert backup.stat().st_mode & 0o777 == 0o600
    return backup


def _told(there: Instance) -> object:
    words = ("intel", "export", "--format", "taxii-seed", "--tlp", "red")
    return json.loads(clearward(*words, environment=there.environment).out)


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
@pytest.mark.parametrize("of", ["sqlite", "postgresql"])
def test_it_goes_from_each_database_to_each(
    request: pytest.FixtureRequest, tmp_path: Path, of: str, to: str
) -> None:
    def made(kind: str, name: str) -> Instance:
        url = f"sqlite:///{tmp_path}/{name}.db"
        if kind == "postgresql":
            url = fresh(request.getfixturevalue("postgres_folder"))
        return instance(tmp_path, url)

    one, other = made(of, "one"), made(to, "other")
    backup = _filled(one)
    other.run("restore", str(backup))
    assert _told(other) == _told(one)
    other.passwords = one.passwords
    other.user("yves", "Org Y")  # numbers go on behind those that were put in
    with served(other):
        assert other.ask("xena", "/intel/collections/").json["collections"]
        assert "collections" not in other.ask("yves", "/intel/collections/").json
    assert other.run("audit")["wrong"] == 0


def test_a_store_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    one = instance(tmp_path, f"sqlite:///{tmp_path}/one.db")
    backup = _filled(one)
    before = _told(one)
    ran = clearward("intel", "restore", str(backup), environment=one.environment)
    assert ran.status == 2
    assert b"not empty" in ran.err
    assert _told(one) == before


@pytest.mark.parametrize("damage", ["cut", "flipped", "none", "text"])
def test_a_backup_that_is_not_whole_leaves_the_store_empty(
    tmp_path: Path, damage: str
) -> None:
    backup = _filled(instance(tmp_path, f"sqlite:///{tmp_path}/one.db"))
    plain = bytearray(gzip.decompress(backup.read_bytes()))
    if damage == "cut":
        del plain[len(plain) // 2 :]
    elif damage == "flipped":
        place = plain.index(b"a.example")
        plain[place] ^= 1
    elif damage == "none":
        plain.clear()
    text = b"text" if damage == "text" else gzip.compress(bytes(plain))
    backup.write_bytes(text)
    other = instance(tmp_path, f"sqlite:///{tmp_path}/other.db")
    ran = clearward("intel", "restore", str(backup), environment=other.environment)
    assert ran.status == 2
    assert ran.err.count(b"\n") == 1
    assert other.run("user", "list")["users"] == 0
