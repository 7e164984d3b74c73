"""A process stands back for a while, and only if that can be taken back."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from clearward.jail import nice
from clearward.jail.nice import may_raise, standing_back


@pytest.fixture(name="process")
def fixture_process() -> Iterator[int]:
    waits = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.PIPE) as one:
        yield one.pid


def priority(process: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, process)


@pytest.mark.skipif(not may_raise(), reason="it takes CAP_SYS_NICE")
def test_it_stands_back_until_the_block_ends(process: int) -> None:
    with standing_back(process, 7):
        assert priority(process) == 7
    assert priority(process) == 0


@pytest.mark.skipif(not may_raise(), reason="it takes CAP_SYS_NICE")
def test_it_comes_back_after_an_error(process: int) -> None:
    with pytest.raises(KeyError), standing_back(process, 7):
        raise KeyError
    assert priority(process) == 0


def test_nothing_is_done_that_cannot_be_taken_back(
    process: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nice, "may_raise", lambda: False)
    with standing_back(process, 7):
        assert priority(process) == 0


def test_one_that_has_ended_is_no_error() -> None:
    with standing_back(1 << 22, 7):
        pass
