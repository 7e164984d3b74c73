"""What tests of the jail ask for, most of them in `pytestmark`."""

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.alarm import no_longer_than
from support.descriptors import descriptors
from support.pool import Clock, ImpatientPoll

from clearward.jail import dealing, lane, settling
from clearward.jail import pool as pool_module


@pytest.fixture(name="folder", scope="module")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `support.pool.files` makes its files, one for each module."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(name="nothing_stays_open")
def fixture_nothing_stays_open() -> Iterator[None]:
    gc.collect()  # what tests before this one have left goes now, not in the middle
    before = descriptors()
    yield
    assert descriptors() == before


@pytest.fixture(name="clock")
def fixture_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the pool, which looks at it often."""
    clock = Clock()
    for module in (pool_module, dealing, settling):
        monkeypatch.setattr(module, "time", clock)
    quick = SimpleNamespace(epoll=ImpatientPoll)
    monkeypatch.setattr(pool_module, "select", quick)
    return clock


@pytest.fixture(name="nobody_ages")
def fixture_nobody_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far the clock jumps."""
    monkeypatch.setattr(lane, "OLDEST", math.inf)


@pytest.fixture(name="nothing_hangs")
def fixture_nothing_hangs() -> Iterator[None]:
    with no_longer_than(60):
        yield
