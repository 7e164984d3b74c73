"""What is given up under each version of Landlock."""

import ctypes
import errno
import os
from collections.abc import Callable

import pytest
from support.child import python

from clearward.jail import kernel, landlock

CALLS = kernel.numbers()
CREATE = CALLS["landlock_create_ruleset"]
RESTRICT = CALLS["landlock_restrict_self"]

# The attributes of each version: rights to files, to the network, scopes; the flags.
# Source: linux/landlock.h: 13 rights to files, then refer, truncate, ioctl on devices.
FILES_1, FILES_2, FILES_3, FILES_5 = 0x1FFF, 0x3FFF, 0x7FFF, 0xFFFF
TCP, SCOPES, ALL_THREADS = 0b11, 0b11, 8
EXPECTED = {
    1: ((FILES_1,), 0),
    2: ((FILES_2,), 0),
    3: ((FILES_3,), 0),
    4: ((FILES_3, TCP), 0),
    5: ((FILES_5, TCP), 0),
    6: ((FILES_5, TCP, SCOPES), 0),
    7: ((FILES_5, TCP, SCOPES), 0),
    8: ((FILES_5, TCP, SCOPES), ALL_THREADS),
}

Argument = int | bytes | ctypes.Array[ctypes.c_char]


class Kernel:
    """Stands for a kernel with some version of Landlock."""

    def __init__(self, version: int, restrict_error: int = 0) -> None:
        self.version = version
        self.restrict_error = restrict_error
        self.attributes: list[bytes] = []
        self.flags: list[int] = []
        self.handed_out: list[int] = []

    def call(self, number: int, *arguments: Argument) -> int:
        """Answer one call."""
        if number == CREATE and arguments == (0, 0, 1):
            if not self.version:
                raise OSError(errno.EOPNOTSUPP, "Landlock is off")
            return self.version
        if number == CREATE:
            attributes, size, flags = arguments
            assert isinstance(attributes, bytes)
            assert (size, flags) == (len(attributes), 0)
            self.attributes.append(attributes)
            self.handed_out.append(os.open(os.devnull, os.O_RDONLY))
            return self.handed_out[-1]
        assert number == RESTRICT
        ruleset, flags = arguments
        assert ruleset == self.handed_out[-1]
        if self.restrict_error:
            raise OSError(self.restrict_error, "refused")
        assert isinstance(flags, int)
        self.flags.append(flags)
        return 0


Make = Callable[..., Kernel]


@pytest.fixture(name="running")
def fixture_running(monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(version: int, restrict_error: int = 0) -> Kernel:
        fake = Kernel(version, restrict_error)
        monkeypatch.setattr(kernel, "call", fake.call)
        return fake

    return make


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("version", sorted(EXPECTED))
def test_every_right_of_a_version_is_given_up(version: int, running: Make) -> None:
    fake = running(version)
    assert landlock.deny_all() == version
    rights, flags = EXPECTED[version]
    expected = b"".join(right.to_bytes(8, "little") for right in rights)
    assert fake.attributes == [expected]
    assert fake.flags == [flags]
    assert not is_open(fake.handed_out[0])


def test_a_newer_version_gives_up_what_is_known(running: Make) -> None:
    fake = running(99)
    assert landlock.deny_all() == 99
    assert len(fake.attributes[0]) == 24


def test_without_landlock_nothing_is_given_up_and_that_is_said(running: Make) -> None:
    fake = running(0)
    assert landlock.abi() == 0
    assert landlock.deny_all() == 0
    assert fake.attributes == []


def test_a_kernel_that_refuses_is_an_error_and_nothing_stays_open(
    running: Make,
) -> None:
    fake = running(6, errno.EPERM)
    with pytest.raises(PermissionError):
        landlock.deny_all()
    assert not is_open(fake.handed_out[0])


def test_behind_it_nothing_can_be_opened_or_bound() -> None:
    if landlock.abi() < 4:
        pytest.skip("this kernel has no Landlock for the network")
    done = python(
        """
        import ctypes, os, socket
        from clearward.jail import landlock
        one = socket.socket()
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
        landlock.deny_all()
        tries = (
            lambda: os.open("/etc/passwd", os.O_RDONLY),
            lambda: os.open("/", os.O_RDONLY),
            lambda: os.open("/tmp/x", os.O_WRONLY | os.O_CREAT),
            lambda: one.bind(("127.0.0.1", 0)),
        )
        for attempt in tries:
            try:
                attempt()
            except PermissionError:
                continue
            raise SystemExit("not refused")
        """
    )
    assert done.returncode == 0, done.stderr
