"""Behaviour of the filter programs, run by an interpreter and by the kernel."""

import errno
import json
import signal
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bpf import Call, decode, run
from support.child import python

from clearward.jail import kernel
from clearward.jail.seccomp import (
    ALLOW,
    KILL,
    Argument,
    Comparison,
    Rule,
    build,
    fail,
)

MACHINES = sorted(kernel.AUDIT_ARCH)
X32 = 0x40000000
NAMES = ("read", "write", "openat", "mmap", "clone", "exit_group", "open", "fork")

ARGUMENTS = st.one_of(
    st.builds(
        Argument,
        st.integers(0, 5),
        st.just(Comparison.IN),
        st.lists(st.integers(0, 12), min_size=1, max_size=4).map(tuple),
    ),
    st.builds(
        Argument,
        st.integers(0, 5),
        st.just(Comparison.CLEAR),
        st.integers(0, 12).map(lambda mask: (mask,)),
    ),
)
ACTIONS = st.sampled_from([ALLOW, KILL, fail(errno.EACCES), fail(errno.EBADF)])
POLICIES = st.lists(
    st.builds(
        Rule,
        st.sampled_from(NAMES),
        ACTIONS,
        st.lists(ARGUMENTS, max_size=3).map(tuple),
        ACTIONS,
    ),
    max_size=6,
    unique_by=lambda rule: rule.name,
)


def holds(condition: Argument, values: tuple[int, ...]) -> bool:
    low = values[condition.place] & 0xFFFFFFFF
    if condition.test is Comparison.IN:
        return low in condition.values
    return not low & condition.values[0]


def answer(rules: list[Rule], name: str, values: tuple[int, ...]) -> int:
    """What a policy means, without any program."""
    for rule in rules:
        if rule.name == name:
            kept = all(holds(condition, values) for condition in rule.conditions)
            return rule.action if kept else rule.otherwise
    return KILL


@pytest.mark.parametrize("machine", MACHINES)
@given(
    POLICIES,
    st.sampled_from(NAMES),
    st.tuples(*[st.integers(0, 13) | st.integers(0, 2**64 - 1)] * 6),
)
def test_a_program_answers_what_its_policy_says(
    machine: str, rules: list[Rule], name: str, values: tuple[int, ...]
) -> None:
    number = kernel.numbers(machine).get(name)
    if number is None:
        return
    call = Call(number, kernel.AUDIT_ARCH[machine], values)
    assert run(build(rules, machine), call) == answer(rules, name, values)


@pytest.mark.parametrize("machine", MACHINES)
@given(POLICIES, st.integers(0, 2**32 - 1))
def test_a_call_that_no_rule_names_is_killed(
    machine: str, rules: list[Rule], number: int
) -> None:
    numbers = kernel.numbers(machine)
    if number in {numbers.get(rule.name) for rule in rules}:
        return
    program = build(rules, machine)
    assert run(program, Call(number, kernel.AUDIT_ARCH[machine])) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(0x40000003, id="i386"),
        pytest.param(0x40000028, id="arm"),
        pytest.param(0xC00000F3, id="riscv64"),
        pytest.param(0, id="none"),
        pytest.param(0xFFFFFFFF, id="all bits"),
        pytest.param(None, id="the other one"),
    ],
)
def test_calls_of_another_architecture_are_killed(
    machine: str, foreign: int | None
) -> None:
    if foreign is None:
        (foreign,) = set(kernel.AUDIT_ARCH.values()) - {kernel.AUDIT_ARCH[machine]}
    program = build([Rule(name, ALLOW) for name in kernel.numbers(machine)], machine)
    assert {run(program, Call(number, foreign)) for number in range(470)} == {KILL}


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_the_x32_interface_are_killed(machine: str) -> None:
    program = build([Rule(name, ALLOW) for name in kernel.numbers(machine)], machine)
    own = kernel.AUDIT_ARCH[machine]
    for number in (*range(600), 0x3FFFFFFF, 0xBFFFFFFF):
        assert run(program, Call(X32 | number, own)) == KILL


def test_a_rule_for_a_call_that_the_machine_lacks_is_left_out() -> None:
    assert build([Rule("open", ALLOW)], "aarch64") == build([], "aarch64")


def test_an_unknown_machine_has_no_program() -> None:
    with pytest.raises(KeyError):
        build([], "pdp11")


def test_a_rule_too_long_to_jump_over_is_refused_rather_than_cut() -> None:
    many = Argument(0, Comparison.IN, tuple(range(300)))
    with pytest.raises(struct.error):
        build([Rule("read", ALLOW, (many,))])


@pytest.mark.parametrize("machine", MACHINES)
def test_an_empty_policy_is_a_program_that_kills(machine: str) -> None:
    program = build([], machine)
    assert {one.value for one in decode(program) if one.code == 0x06} == {KILL}


# What runs in a process of its own, since a filter cannot be taken back.
TRY = """
import ctypes, json, os, sys
from clearward.jail import kernel
from clearward.jail.seccomp import *
numbers = kernel.numbers()
kind = sys.argv[1]
special = {
    "getppid": Rule("getppid", fail(13)),
    "dup": Rule("dup", ALLOW, (Argument(0, Comparison.IN, (1, 2)),), fail(9)),
    "umask": Rule("umask", KILL),
}
rules = [special.get(name, Rule(name, ALLOW)) for name in numbers]
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
install(build(rules))
answers = []
for name, argument in (("getppid", 0), ("dup", 1), ("dup", 0), ("getuid", 0)):
    try:
        answers.append([name, kernel.call(numbers[name], argument) >= 0])
    except OSError as error:
        answers.append([name, error.errno])
print(json.dumps(answers), flush=True)
if kind == "deadly":
    kernel.call(numbers["umask"], 0)
"""


def test_the_kernel_takes_the_program_and_answers_the_same() -> None:
    done = python(TRY, "harmless")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        ["getppid", errno.EACCES],
        ["dup", True],
        ["dup", errno.EBADF],
        ["getuid", True],
    ]


def test_the_kernel_kills_the_process_for_a_forbidden_call() -> None:
    assert python(TRY, "deadly").returncode == -signal.SIGSYS


def test_a_filter_that_the_kernel_refuses_is_an_error() -> None:
    done = python(
        """
        from clearward.jail import seccomp
        try:
            seccomp.install(b"")
        except OSError:
            print("refused")
        """
    )
    assert done.stdout.strip() == b"refused", done.stderr
