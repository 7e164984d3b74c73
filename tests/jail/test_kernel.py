"""Behaviour of the table of system calls and of the way to make one."""

import errno
import os
import re
from pathlib import Path

import pytest

from clearward.jail import kernel

# Both are installed with the kernel's headers, whatever the machine.
GENERIC = Path("/usr/include/asm-generic/unistd.h")
LONG = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")

# Names that the generic table has for calls of 64 bits.
OTHER_NAMES = {"newfstatat": "fstatat", "umount2": "umount2"}


def defined(path: Path) -> dict[str, int]:
    """Numbers by name, as a header has them."""
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text())
    return {name: int(number) for name, number in found}


@pytest.mark.parametrize(
    ("machine", "header"), [("x86_64", LONG), ("aarch64", GENERIC)]
)
def test_the_numbers_are_those_of_the_kernels_headers(
    machine: str, header: Path
) -> None:
    if not header.exists():
        pytest.skip(f"the kernel's headers are not installed ({header})")
    known = defined(header)
    ours = kernel.numbers(machine)
    compared = {name: number for name, number in ours.items() if name in known}
    assert len(compared) > 250
    assert compared == {name: known[name] for name in compared}


@pytest.mark.parametrize("machine", sorted(kernel.AUDIT_ARCH))
def test_no_two_calls_have_one_number(machine: str) -> None:
    numbers = kernel.numbers(machine)
    assert len(set(numbers.values())) == len(numbers)
    assert min(numbers.values()) == 0


def test_calls_from_424_on_have_one_number_everywhere() -> None:
    long, generic = kernel.numbers("x86_64"), kernel.numbers("aarch64")
    new = {name for name, number in long.items() if number >= 424}
    assert new == {name for name, number in generic.items() if number >= 424}
    assert all(long[name] == generic[name] for name in new)


def test_a_call_gives_its_result() -> None:
    assert kernel.call(kernel.numbers()["getpid"]) == os.getpid()


def test_a_call_that_fails_raises_its_errno() -> None:
    with pytest.raises(OSError) as caught:
        kernel.call(kernel.numbers()["close"], -1)
    assert caught.value.errno == errno.EBADF


def test_bytes_are_passed_by_address(tmp_path: Path) -> None:
    path = tmp_path / "made"
    kernel.call(kernel.numbers()["mkdirat"], -100, os.fsencode(path), 0o700)
    assert path.is_dir()
