"""Behaviour of keys that sources need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.core.errors import Refused
from clearward.publishing.importing.needed import Needed

SECRET = "0123456789abcdef" * 3


def test_a_key_comes_from_the_environment() -> None:
    needed = Needed.parse("env:A_KEY", "Auth-Key")
    assert not needed.is_there({"A_KEY": ""})
    assert needed.is_there({"A_KEY": SECRET})
    found = needed.key({"A_KEY": SECRET})
    assert (found.value, found.header) == (SECRET, "Auth-Key")


def test_a_key_that_is_not_there_is_said() -> None:
    with pytest.raises(Refused, match="A_KEY is not set"):
        Needed("A_KEY").key({})


@pytest.mark.parametrize("value", ["tooshort", SECRET + "\n", "a b" * 10])
def test_a_key_that_cannot_be_used_is_said_and_not_shown(value: str) -> None:
    with pytest.raises(Refused, match="A_KEY: no key") as raised:
        Needed("A_KEY").key({"A_KEY": value})
    assert value.strip() not in str(raised.value)


@given(st.text(min_size=12))
def test_what_names_no_variable_is_not_repeated(text: str) -> None:
    try:
        Needed.parse(text, "")
    except ValueError as error:
        assert text not in str(error)
    else:
        assert text.startswith("env:")
