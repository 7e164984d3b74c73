"""Keys are where a person says: in one place, or those of some roles elsewhere."""

from pathlib import Path

import pytest

from clearward.core.errors import Refused
from clearward.publishing.key_files import KeysFolder, KeysInEnvironment
from clearward.publishing.key_places import Finder
from clearward.publishing.keys import LOG, ROLES, Keys, make_keys
from clearward.publishing.token_address import TokenAddress
from clearward.publishing.token_keys import TokenKeys

TOKEN = "pkcs11:token=a?module-path=/m.so"  # noqa: S105 - an address


def no_pin(address: TokenAddress) -> str:
    raise AssertionError(f"the PIN of the {address} was asked for")


def find(*places: str) -> Keys:
    return Finder({}, no_pin, {}).find(places)


def test_one_place_is_for_every_role(tmp_path: Path) -> None:
    assert find(str(tmp_path)) == KeysFolder(str(tmp_path))
    assert find("env:KEY") == KeysInEnvironment("KEY", {})
    assert isinstance(find(TOKEN), TokenKeys)
    assert find("./root=x") == KeysFolder("./root=x")


def test_a_role_has_the_place_that_is_named_for_it(tmp_path: Path) -> None:
    keys = find(f"root,targets={tmp_path / 'away'}", str(tmp_path / "keys"))
    for role in (*ROLES, LOG):
        make_keys(keys, role, 2)
        keys.make(f"{role}.new")
        keys.rename(f"{role}.new", role)
        assert len(keys.find(role)) == 2
    names = {path.stem.partition("-")[0] for path in (tmp_path / "away").iterdir()}
    assert names == {"root", "targets"}
    assert keys.state() == str(tmp_path / "keys")
    assert str(tmp_path / "away") in keys.name


def test_a_role_without_a_place_has_no_keys_and_gets_none(tmp_path: Path) -> None:
    keys = find(f"timestamp={tmp_path}")
    assert keys.find("root") == []
    assert keys.get("root") is None
    assert keys.state() is None
    with pytest.raises(Refused, match="no place is named for the key root"):
        keys.make("root")
    with pytest.raises(Refused, match="no place is named for the key root"):
        keys.rename("root", "root-2")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["a", "b"], "two places for all roles"),
        (["root=a", "root,log=b"], "the role root has two places"),
        (["root=pkcs11:token=a"], "module-path is missing"),
        ([TOKEN.replace("=a", "=a;object=root")], "object names one key"),
    ],
    ids=["all", "root", "token", "object"],
)
def test_places_that_are_not_clear_are_refused(places: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        find(*places)


def test_a_token_that_is_named_twice_is_opened_once() -> None:
    finder = Finder({}, no_pin, {})
    finder.find([f"root={TOKEN}", f"targets={TOKEN}&pin-source=/p"])
    assert len(finder.tokens) == 1


def test_one_key_is_a_file_or_has_a_label(tmp_path: Path) -> None:
    KeysFolder(str(tmp_path)).make("root-2")
    (key,) = KeysFolder(str(tmp_path)).find("root")
    finder = Finder({}, no_pin, {})
    assert finder.key(str(tmp_path / "root-2.pem")).public == key.public
    with pytest.raises(Refused, match="object is missing"):
        finder.key(TOKEN)
    with pytest.raises(Refused, match=r"/m\.so: no such module"):
        finder.key(TOKEN.replace("=a", "=a;object=root-2"))
