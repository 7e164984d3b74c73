"""Tests of clearward.faces.http.settings."""

import pytest

from clearward.faces.http.settings import HttpSettings, Tls, missing
from clearward.faces.http.tokens import Tokens


def test_beyond_the_loopback_a_token_and_tls_are_needed() -> None:
    tls, tokens = Tls("cert", "key"), Tokens(())
    assert missing(HttpSettings()) == ("--token-file", "--tls-cert", "--tls-key")
    assert missing(HttpSettings(tls=tls)) == ("--token-file",)
    assert missing(HttpSettings(tokens=tokens)) == ("--tls-cert", "--tls-key")
    assert missing(HttpSettings(tokens=tokens, tls=tls)) == ()


def test_unscanned_has_two_words() -> None:
    with pytest.raises(ValueError, match="unscanned"):
        HttpSettings(unscanned="maybe")
