"""Real top-level names."""

import pytest

from clearward.indicators.hosts import domain
from clearward.indicators.toplevel import TOP_LEVEL, is_real


@pytest.mark.parametrize("name", ["com", "zip", "xn--p1ai", "onion", "example", "uk"])
def test_real_names_are_known(name: str) -> None:
    assert is_real(f"evil.{name}")


@pytest.mark.parametrize("name", ["exe", "doc", "dll", "js", "7z", "local"])
def test_endings_of_files_are_none(name: str) -> None:
    assert not is_real(f"evil.{name}")


def test_every_name_is_written_as_hosts_are() -> None:
    assert all(domain(f"a.{name}") == f"a.{name}" for name in TOP_LEVEL)
