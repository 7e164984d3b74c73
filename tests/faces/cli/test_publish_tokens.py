"""`clearward publish` with keys in a token of SoftHSM, as a person sees it."""

import sys
from pathlib import Path

import pytest
from support.command import Ran, clearward
from support.tokens import PIN, SoftTokens
from support.tuf_client import Client

RULE = 'rule one { strings: $a = "a mark that nobody has" condition: $a }\n'
ROLES = ("root", "targets", "snapshot", "timestamp", "log")


class Publisher:
    """A repository whose keys are where the test says."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.soft = SoftTokens(folder / "soft", patch)
        self.repo = folder / "repo"
        self.source = folder / "one.yar"
        self.source.write_text(RULE)

    def run(self, word: str, *words: str | Path, keys: tuple[str, ...]) -> Ran:
        places = [one for place in keys for one in ("--keys", place)]
        return clearward("publish", word, "--repo", self.repo, *places, *words)

    def done(self, word: str, *words: str | Path, keys: tuple[str, ...]) -> Ran:
        ran = self.run(word, *words, "--json", keys=keys)
        assert (ran.status, ran.err) == (0, b"")
        return ran

    def init(self, *words: str, keys: tuple[str, ...]) -> Ran:
        return self.done("init", "--origin", "example.com/rules", *words, keys=keys)


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    return Publisher(tmp_path, monkeypatch)


def test_everything_is_signed_in_a_token(publisher: Publisher) -> None:
    keys = (publisher.soft.made("one"),)
    publisher.init(keys=keys)
    client = Client(publisher.repo)
    publisher.done("add", publisher.source, keys=keys)
    assert "rules.cwr" in client.see()
    for role in ("root", "log"):
        ran = publisher.done("rotate", role, keys=keys)
        assert ran.summary["waiting"] == ""
        client.see()
    publisher.done("refresh", keys=keys)
    client.see()
    Client(publisher.repo).see()
    assert not list(publisher.repo.parent.rglob("*.pem"))


def test_an_offline_root_in_a_token_goes_with_keys_in_a_folder(
    publisher: Publisher, tmp_path: Path
) -> None:
    folder = str(tmp_path / "keys")
    token = publisher.soft.made("offline")
    both = (folder, f"root={token}")
    publisher.init("--threshold", "root=2", keys=both)
    client = Client(publisher.repo)
    names = {path.name for path in Path(folder).iterdir()}
    assert names == {f"{role}.pem" for role in ROLES if role != "root"}
    publisher.done("add", publisher.source, keys=(folder,))
    ran = publisher.done("rotate", "timestamp", keys=(folder,))
    assert "0 signatures, and 2" in ran.summary["waiting"]
    for label, complete in (("root", False), ("root-2", True)):
        key = publisher.soft.address("offline", more=f";object={label}")
        done = clearward(
            "publish", "sign", "--repo", publisher.repo, "--key", key, "--json"
        )
        assert (done.status, done.err) == (0, b"")
        assert done.rows[0]["complete"] is complete
    publisher.done("refresh", keys=(folder,))
    client.see()
    publisher.done("rotate", "root", keys=both)
    assert "rules.cwr" in client.see()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("token=one", "token=two"), "token two: no such token in this module"),
        (("?", ";pin-value=1?"), "a PIN in an address is seen by others"),
        (("module-path=", "module-path=/no"), "no such module"),
        (("/pin", "/none"), "none: cannot be read: No such file"),
        (("&pin-source", "&pin"), "pin is not used here"),
        (("/pin", "/wrong"), "token one: wrong PIN; it is not tried again"),
    ],
    ids=["token", "value", "module", "file", "attribute", "wrong"],
)
def test_what_cannot_be_used_is_one_line(
    publisher: Publisher, change: tuple[str, str], said: str
) -> None:
    address = publisher.soft.made("one")
    (publisher.soft.folder / "wrong").write_text("1234\n")
    words = ("--origin", "example.com/rules")
    ran = publisher.run("init", *words, keys=(address.replace(*change),))
    assert ran.status == 2
    assert said in ran.err.decode()
    assert ran.err.count(b"\n") == 1
    assert PIN.encode() not in ran.err
    assert not (publisher.repo / "metadata").exists()


def test_a_library_that_is_not_a_module_is_refused(publisher: Publisher) -> None:
    address = publisher.soft.made("one").replace(publisher.soft.module, sys.executable)
    words = ("--origin", "example.com/rules")
    ran = publisher.run("init", *words, keys=(address,))
    assert ran.status == 2
    assert b"a module that cannot be used" in ran.err
    assert ran.err.count(b"\n") == 1


def test_a_key_that_is_missing_is_named(publisher: Publisher) -> None:
    keys = (publisher.soft.made("one"),)
    publisher.init(keys=keys)
    ran = publisher.run("refresh", keys=(publisher.soft.made("two"),))
    assert ran.status == 2
    assert b"token two: the key of the log" in ran.err or b"0 of 1 keys" in ran.err
    key = publisher.soft.address("one", more=";object=root-9")
    ran = clearward("publish", "sign", "--repo", publisher.repo, "--key", key)
    assert ran.status == 2
    assert b"token one: root-9: the key is not there" in ran.err


def test_a_pin_of_the_environment_is_tried_on_one_token_only(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = []
    for name in ("one", "two"):
        publisher.soft.made(name)
        places.append(publisher.soft.address(name, pin=False))
    words = ("--origin", "example.com/rules")
    ran = publisher.run("init", *words, keys=(places[0],))
    assert ran.status == 2
    assert b"token one: no PIN: add pin-source=file:/path" in ran.err
    monkeypatch.setenv("CLEARWARD_PIN", PIN)
    publisher.init(keys=(places[0],))
    ran = publisher.run("init", *words, keys=(places[0], f"root={places[1]}"))
    both = (f"root={places[0]}", places[1])
    (publisher.repo / "metadata/timestamp.json").unlink()
    ran = publisher.run("init", *words, keys=both)
    assert ran.status == 2
    assert b"CLEARWARD_PIN is the PIN of the token one" in ran.err


def test_without_the_extra_it_says_how_to_get_it(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module of the same name that cannot be imported stands for a missing one."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without/pkcs11.py").write_text("raise ImportError\n")
    monkeypatch.setenv("PYTHONPATH", ":".join([str(tmp_path / "without"), *sys.path]))
    words = ("--origin", "example.com/rules")
    ran = publisher.run("init", *words, keys=(publisher.soft.made("one"),))
    assert ran.status == 2
    assert b"pip install 'clearward[pkcs11]'" in ran.err
    assert ran.err.count(b"\n") == 1
