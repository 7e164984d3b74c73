"""Behaviour of a zygote's process before anybody has told it anything."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.jail import session

from clearward.core.errors import Unavailable
from clearward.jail.control import Settings
from clearward.jail.launch import Kind, Launched
from clearward.jail.spawn import Zygote

pytestmark = pytest.mark.usefixtures("nothing_stays_open", "nothing_hangs")


def test_a_process_that_cannot_be_started_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable, match="could not be started"):
        Launched()


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_becomes_a_zygote(kind: Kind, heavy: bool) -> None:  # noqa: FBT001
    zygote = Zygote(Settings(), Launched(kind, heavy=heavy))
    _, given = zygote.load()
    zygote.close()
    assert bool(given.attempts) == (kind is Kind.ATTACKS)


def test_a_process_that_nobody_needs_is_ended_and_reaped() -> None:
    launched = Launched()
    launched.end()
    assert session(launched.process) == set()
    with pytest.raises(ChildProcessError):
        os.waitpid(launched.process, 0)


def test_ending_it_again_touches_no_other_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its number may have gone to somebody else."""
    launched = Launched()
    launched.end()
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a signal was sent"))
    launched.end()


def test_it_ends_by_itself_if_the_broker_has_gone() -> None:
    launched = Launched()
    launched.channel.close()
    _, status = os.waitpid(launched.process, 0)
    assert status == 0  # and not killed by a filter, which the kernel would note


def test_a_zygote_can_do_what_a_lighter_one_can() -> None:
    assert Kind.SIGNATURES.covers(Kind.IMAGES)
    assert Kind.IMAGES.covers(Kind.LIGHT)
    assert not Kind.LIGHT.covers(Kind.IMAGES)
    assert not Kind.SIGNATURES.covers(Kind.ATTACKS)
    assert Kind.ATTACKS.covers(Kind.ATTACKS)


def test_only_the_thread_that_lasts_may_start_a_zygote() -> None:
    """The kernel would kill it with any other, in the middle of a scan."""
    with ThreadPoolExecutor(1) as other:
        refused = other.submit(Launched).exception()
    assert isinstance(refused, RuntimeError)


def test_a_zygote_outlives_other_threads_that_used_it() -> None:
    zygote = Zygote(Settings())
    with ThreadPoolExecutor(1) as other:
        other.submit(zygote.load).result()
        worker = other.submit(zygote.fork).result()
    for one in (worker, zygote.fork()):
        one.channel.close()
        assert zygote.reap(one.process) == 0
    zygote.close()
