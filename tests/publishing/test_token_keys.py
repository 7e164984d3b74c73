"""Keys in a token sign there, stay there, and survive a kill."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from support.token_killing import killed
from support.tokens import SoftTokens

from clearward.core.errors import Refused, Unavailable
from clearward.publishing.keys import new_label
from clearward.publishing.token import Token
from clearward.publishing.token_address import TokenAddress
from clearward.publishing.token_keys import TokenKeys


@pytest.fixture
def soft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftTokens:
    return SoftTokens(tmp_path / "soft", monkeypatch)


@pytest.fixture
def address(soft: SoftTokens) -> str:
    return soft.made("one")


def labels(keys: TokenKeys) -> tuple[list[str], list[str]]:
    """Those of the private and of the public keys."""
    return (
        sorted(one.label for one in keys.token.objects(private=True)),
        sorted(one.label for one in keys.token.objects(private=False)),
    )


def public(keys: TokenKeys, label: str) -> bytes:
    key = keys.get(label)
    assert key is not None
    Ed25519PublicKey.from_public_bytes(key.public).verify(key.sign(b"a"), b"a")
    return key.public


def test_a_key_is_made_once_and_found_again(soft: SoftTokens, address: str) -> None:
    keys = soft.keys(address)
    for label in ("root", "root-2", "log", "root", "root.new"):
        keys.make(label)
    first = [public(keys, "root"), public(keys, "root-2")]
    again = soft.keys(address)
    assert [one.public for one in again.find("root")] == first
    assert len(again.find("log")) == 1
    assert again.find("targets") == []
    assert again.get("targets") is None


def test_a_private_key_cannot_be_taken_out(soft: SoftTokens, address: str) -> None:
    from pkcs11 import Attribute, AttributeSensitive  # noqa: PLC0415 - an extra

    keys = soft.keys(address)
    keys.make("root")
    (private,) = keys.token.objects(private=True)
    assert private[Attribute.SENSITIVE]
    assert private[Attribute.ALWAYS_SENSITIVE]
    assert private[Attribute.NEVER_EXTRACTABLE]
    with pytest.raises(AttributeSensitive):
        private[Attribute.VALUE]


def test_a_new_label_takes_the_place_of_the_old_key(
    soft: SoftTokens, address: str
) -> None:
    keys = soft.keys(address)
    keys.make("root")
    keys.make(new_label("root"))
    new = public(keys, new_label("root"))
    keys.rename(new_label("root"), "root")
    assert public(keys, "root") == new
    assert labels(keys) == (["root"], ["root"])
    with pytest.raises(Refused, match=r"root\.new: the key is not there"):
        keys.rename(new_label("root"), "root")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_who_is_killed_while_a_key_is_made_makes_it_again(
    soft: SoftTokens, address: str, *, before: bool
) -> None:
    for number in range(20):
        label = f"root-{number + 2}"

        def make(label: str = label) -> None:
            soft.keys(address).make(label)

        came_so_far = killed(make, number, before=before)
        keys = soft.keys(address)
        found = keys.get(label)
        keys.make(label)
        assert found is None or found.public == public(keys, label)
        private, publics = labels(keys)
        assert private == publics
        assert not [one for one in private if "unfinished" in one]
        keys.token.close()
        soft.unload()
        if not came_so_far:
            assert number > 2
            return
    raise AssertionError("it does not end")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_who_is_killed_while_a_key_gets_its_place_calls_it_again(
    soft: SoftTokens, address: str, *, before: bool
) -> None:
    for number in range(20):
        keys = soft.keys(address)
        keys.make("root")
        keys.make(new_label("root"))
        old, new = public(keys, "root"), public(keys, new_label("root"))
        keys.token.close()
        soft.unload()

        def rename() -> None:
            soft.keys(address).rename(new_label("root"), "root")

        came_so_far = killed(rename, number, before=before)
        keys = soft.keys(address)
        seen = keys.get("root")
        assert seen is None or seen.public in (old, new)
        if keys.get(new_label("root")) is not None:
            keys.rename(new_label("root"), "root")
        assert public(keys, "root") == new
        assert labels(keys) == (["root"], ["root"])
        keys.token.close()
        soft.unload()
        if not came_so_far:
            assert number > 2
            return
    raise AssertionError("it does not end")


def test_a_wrong_pin_is_tried_once(soft: SoftTokens, address: str) -> None:
    soft.unload()
    asked: list[object] = []

    def wrong(which: object) -> str:
        asked.append(which)
        return "1234"

    keys = TokenKeys(Token(TokenAddress.parse(address), wrong))
    for _ in range(3):
        with pytest.raises(Refused, match="wrong PIN; it is not tried again"):
            keys.find("root")
    assert len(asked) == 1


def test_a_signature_is_checked_before_it_is_believed(
    soft: SoftTokens, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = soft.keys(address)
    keys.make("root")
    monkeypatch.setattr(Token, "sign", lambda *_: bytes(64))
    with pytest.raises(Unavailable, match="root: its signature is wrong"):
        public(keys, "root")
    with pytest.raises(Unavailable, match="its signature is wrong"):
        keys.make("targets")
    assert keys.get("targets") is None


def test_a_token_that_is_removed_in_the_middle_is_one_line(
    soft: SoftTokens, address: str
) -> None:
    import pkcs11  # noqa: PLC0415 - an extra

    keys = soft.keys(address)
    keys.make("root")
    key = keys.get("root")
    assert key is not None
    keys.token.close()
    with pytest.raises((Refused, Unavailable), match=r"token one: does not answer"):
        key.sign(b"a")

    class Removed:
        def sign(self, *_: object, **__: object) -> bytes:
            raise pkcs11.DeviceRemoved

    with pytest.raises(Unavailable, match="token one: was removed"):
        keys.token.sign(Removed(), b"a")


def test_two_keys_of_one_label_are_refused(soft: SoftTokens, address: str) -> None:
    keys = soft.keys(address)
    keys.token.generate("root")
    keys.token.generate("root")
    with pytest.raises(Refused, match="2 keys have the label root"):
        keys.find("root")


def test_a_key_without_its_public_key_is_refused(
    soft: SoftTokens, address: str
) -> None:
    keys = soft.keys(address)
    keys.make("root")
    (one,) = keys.token.objects(private=False)
    one.destroy()
    with pytest.raises(Refused, match="root: 0 public keys have its id"):
        keys.find("root")


def test_a_token_that_is_not_there_is_refused(soft: SoftTokens) -> None:
    with pytest.raises(Refused, match="token two: no such token"):
        soft.keys(soft.address("two")).find("root")
