"""Run a function in a copy of this process, for what cannot be undone.

The copy has everything imported already, so it also works where the interpreter lies in
a folder that an ordinary user cannot enter.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from clearward.jail import kernel

ORDINARY = 12345  # a user and a group that own nothing
_MOUNTS = 0x00020000  # CLONE_NEWNS
_BIND = 0x1000 | 0x4000  # MS_BIND | MS_REC
_PRIVATE_EVERYWHERE = 0x4000 | 0x40000  # MS_REC | MS_PRIVATE


def forked(action: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it says
    """Run an action in a copy of this process and return what it returned, by JSON.

    Raises:
        AssertionError: it raised; its traceback is the message.
    """
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        _answer(action, writer)
    os.close(writer)
    with open(reader, "rb") as answers:
        said = answers.read()
    os.waitpid(process, 0)
    assert said, "the copy died"
    good, value = json.loads(said)
    assert good, value
    return value


def become_ordinary() -> None:
    """Become a user that owns nothing and can do nothing special; root only."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(ORDINARY, ORDINARY, ORDINARY)
        os.setresuid(ORDINARY, ORDINARY, ORDINARY)


def as_ordinary_user(action: Callable[[], Any]) -> Any:  # noqa: ANN401 - see forked
    """The same, by an ordinary user."""

    def lowered() -> Any:  # noqa: ANN401 - see forked
        become_ordinary()
        return action()

    return forked(lowered)


def own_mounts() -> None:
    """Give this process mounts of its own; what is mounted ends with it."""
    calls = kernel.numbers()
    kernel.call(calls["unshare"], _MOUNTS)
    kernel.call(calls["mount"], b"none", b"/", 0, _PRIVATE_EVERYWHERE, 0)


def mount(kind: bytes, where: bytes) -> None:
    """Mount an empty file system."""
    kernel.call(kernel.numbers()["mount"], b"none", where, kind, 0, 0)


def bind(source: str, where: str | os.PathLike[str]) -> None:
    """Let a folder be seen in another place as well."""
    number = kernel.numbers()["mount"]
    kernel.call(number, os.fsencode(source), os.fsencode(where), b"", _BIND, 0)


def needs_own_mounts() -> None:
    """Skip a test where a process cannot have mounts of its own."""

    def possible() -> bool:
        try:
            own_mounts()
        except OSError:
            return False
        return True

    if not forked(possible):
        pytest.skip("needs the right to mount in a namespace of its own (root)")


def _answer(action: Callable[[], Any], writer: int) -> None:
    """The copy's part: it never comes back."""
    try:
        try:
            said = json.dumps([True, action()])
        except BaseException:  # noqa: BLE001 - goes to the caller as text
            said = json.dumps([False, traceback.format_exc()])
        with open(writer, "wb") as answers:
            answers.write(said.encode())
    finally:
        sys.stdout.flush()
        os._exit(0)
