"""Addresses of tokens say which token is meant, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.publishing.token_address import TokenAddress

GOOD = "pkcs11:token=a?module-path=/m.so"


def test_an_address_names_token_module_key_and_pin() -> None:
    text = (
        "pkcs11:token=The%20root;serial=01;object=root-2;type=private"
        "?module-path=/usr/lib/m.so&pin-source=file:///run/pin"
    )
    assert TokenAddress.parse(text) == TokenAddress(
        "The root", "/usr/lib/m.so", "01", "root-2", "/run/pin"
    )
    assert str(TokenAddress.parse(text)) == "token The root"


@pytest.mark.parametrize(
    "source", ["/p", "file:/p", "file:///p", "file://localhost/p", "file:%2Fp"]
)
def test_a_pin_is_in_a_file(source: str) -> None:
    assert TokenAddress.parse(f"{GOOD}&pin-source={source}").pin_file == "/p"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pkcs12:token=a", "begins with pkcs11:"),
        ("pkcs11:?module-path=/m.so", "token is missing"),
        ("pkcs11:token=?module-path=/m.so", "token is missing"),
        ("pkcs11:token=a", "module-path is missing"),
        ("pkcs11:token=a?module-path=m.so", "begins with a slash"),
        ("pkcs11:token=a?module-path=file:/m.so", "begins with a slash"),
        (f"{GOOD}&pin-source=|cat /p", "write other characters as %XX"),
        (f"{GOOD}&pin-source=%7Ccat", "begins with a slash"),
        (f"{GOOD}&pin-source=file://host/p", "begins with a slash"),
        ("pkcs11:token=a;token=b?module-path=/m.so", "token is there twice"),
        ("pkcs11:token=a;slot-id=1?module-path=/m.so", "slot-id is not used"),
        ("pkcs11:token=a;type=public?module-path=/m.so", "keys that sign are private"),
        ("pkcs11:token=%FF?module-path=/m.so", "not in UTF-8"),
        ("pkcs11:token=%0?module-path=/m.so", "as %XX"),
        ("pkcs11:token=%00?module-path=/m.so", "as %XX"),
    ],
)
def test_what_is_not_meant_for_us_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        TokenAddress.parse(text)


@pytest.mark.parametrize(
    "text", [f"{GOOD}&pin-value=4711", "pkcs11:pin-value=4711;token=a"]
)
def test_a_pin_in_an_address_is_refused_and_not_said_again(text: str) -> None:
    with pytest.raises(Refused, match="seen by others") as caught:
        TokenAddress.parse(text)
    assert "4711" not in str(caught.value)


@given(st.text() | st.text("pkcs1:=;?&%tokenmdulh-a/0", max_size=60).map(GOOD.__add__))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = TokenAddress.parse(text)
    except Refused as error:
        assert "\n" not in str(error)
        return
    assert found.token
    assert found.module.startswith("/")
