"""Behaviour of a rule source."""

import pytest

from clearward.rules.source import Source


def test_a_source_cannot_be_changed() -> None:
    source = Source(0, "a.yar", "yara", "local", b"")
    with pytest.raises(AttributeError):
        source.text = b"rule a { condition: true }"  # type: ignore[misc]
