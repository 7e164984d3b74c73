"""Set up what every test relies on."""

import os
import tempfile
from collections.abc import Iterator

import pytest

from clearward.formats import heavy

# Tests of parsers run as in the heavy zygote, with every library at hand.
heavy.load()


@pytest.fixture(scope="session", autouse=True)
def own_home() -> Iterator[None]:
    """Keep verdicts of tests out of the home of whoever runs them."""
    before = os.environ.get("CLEARWARD_HOME")
    with tempfile.TemporaryDirectory(prefix="clearward-home-") as home:
        os.environ["CLEARWARD_HOME"] = home
        yield
    if before is None:
        del os.environ["CLEARWARD_HOME"]
    else:
        os.environ["CLEARWARD_HOME"] = before
