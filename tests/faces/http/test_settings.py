"""Tests of clearward.faces.http.settings."""

import pytest

from clearward.faces.http.settings import HttpSettings


def test_unscanned_has_two_words() -> None:
    with pytest.raises(ValueError, match="unscanned"):
        HttpSettings(unscanned="maybe")
