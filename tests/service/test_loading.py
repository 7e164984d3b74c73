"""Rules are loaded beside the event loop, and nothing is left of a load in vain."""

import asyncio
from threading import Event
from typing import Self, cast

import pytest
from support.serving import play, until

from clearward.core.errors import ClearwardError, Refused, Unavailable
from clearward.service.loading import load
from clearward.wiring import Scanner

PATIENCE = 10.0  # seconds


class Loading:
    """A scanner that is entered when a test says so.

    Args:
        error: that it is entered with, or None.
    """

    def __init__(self, error: ClearwardError | None = None) -> None:
        self.go = Event()
        self.done: list[str] = []
        self._error = error

    def __enter__(self) -> Self:
        self.done.append("begun")
        assert self.go.wait(PATIENCE)
        if self._error is not None:
            raise self._error
        self.done.append("entered")
        return self

    def __exit__(self, *_: object) -> None:
        self.done.append("ended")

    def load(self) -> asyncio.Task[Scanner]:
        """Begin to load it."""
        return asyncio.create_task(load(lambda: cast("Scanner", self)))


def test_the_loop_goes_on_while_rules_are_loaded() -> None:
    async def scene() -> None:
        loading = Loading()
        task = loading.load()
        await until(lambda: loading.done == ["begun"])
        loading.go.set()
        assert await task is cast("Scanner", loading)
        assert loading.done == ["begun", "entered"]

    play(scene)


def test_a_load_that_is_cancelled_leaves_no_jail() -> None:
    async def scene() -> None:
        loading = Loading()
        task = loading.load()
        await until(lambda: loading.done == ["begun"])
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, loading.go.set)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert loading.done == ["begun", "entered", "ended"]

    play(scene)


@pytest.mark.parametrize("error", [Refused("bad"), Unavailable("gone")])
@pytest.mark.parametrize("cancelled", [True, False])
def test_rules_that_cannot_be_loaded_are_no_error_of_who_has_cancelled(
    error: ClearwardError, *, cancelled: bool
) -> None:
    async def scene() -> None:
        loading = Loading(error)
        task = loading.load()
        await until(lambda: loading.done == ["begun"])
        if cancelled:
            task.cancel()
        asyncio.get_running_loop().call_later(0.05, loading.go.set)
        with pytest.raises(asyncio.CancelledError if cancelled else type(error)):
            await task
        assert loading.done == ["begun"]

    play(scene)
