"""A jail whose broker has something to lose, and files of every outcome."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.jail import Jail, jail
from support.marks import EICAR, KEPT_BACK, MARK, mark_rule

from clearward.core.limits import MIB
from clearward.jail.spawn import Forked


@pytest.fixture(name="running", scope="module")
def fixture_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jail]:
    """A jail whose broker has a secret and an open file that others would inherit."""
    folder = tmp_path_factory.mktemp("rules")
    with ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("CLEARWARD_KEPT_BACK", KEPT_BACK)
        secret = stack.enter_context((folder / "secret").open("w+"))
        os.set_inheritable(secret.fileno(), True)  # noqa: FBT003 - the library's shape
        yield stack.enter_context(jail(mark_rule(folder)))


@pytest.fixture(name="worker")
def fixture_worker(running: Jail) -> Iterator[Forked]:
    forked = running.zygote.fork()
    yield forked
    forked.channel.close()
    running.zygote.reap(forked.process)


@pytest.fixture(name="samples", scope="module")
def fixture_samples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of every outcome, small and large."""
    folder = tmp_path_factory.mktemp("samples")
    contents = {
        "clean": b"nothing",
        "empty": b"",
        "found": EICAR,
        "cut": b"!<arch>\nshort",
        "many": MARK * 10_000,
        "large": bytes(3 * MIB) + MARK,
        "secret": KEPT_BACK.encode() * 1000,
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]
