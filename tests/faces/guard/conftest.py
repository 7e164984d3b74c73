"""A kernel that says what a test wants it to say."""

from collections.abc import Iterator

import pytest
from support.guard_kernel import Kernel


@pytest.fixture(name="kernel")
def fixture_kernel() -> Iterator[Kernel]:
    kernel = Kernel()
    yield kernel
    kernel.close()
