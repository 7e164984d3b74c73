"""Behaviour of the EICAR rule."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearward.rules import eicar

# Put together at run time, so that no scanner takes this file for the test file.
HEAD = b"X5O!P%@AP[4" + b"\\" + b"PZX54(P^)7CC)7}$"
TEST_FILE = HEAD + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
MAY_FOLLOW = b" \t\r\n\x1a"

tails = st.lists(st.sampled_from(MAY_FOLLOW), max_size=60).map(bytes)


def test_the_file_that_everybody_knows_is_the_one_that_is_found() -> None:
    assert len(TEST_FILE) == 68
    digest = hashlib.md5(TEST_FILE, usedforsecurity=False).hexdigest()
    assert digest == "44d88612fea8a8f36de82e1278abb02f"
    assert eicar.matches(TEST_FILE)


@given(tails)
def test_white_space_and_control_z_may_follow_in_any_order(tail: bytes) -> None:
    assert eicar.matches(TEST_FILE + tail)


@pytest.mark.parametrize("follower", [bytes([byte]) for byte in MAY_FOLLOW])
def test_128_bytes_are_the_most(follower: bytes) -> None:
    assert eicar.matches(TEST_FILE + follower * 60)
    assert not eicar.matches(TEST_FILE + follower * 61)
    assert not eicar.matches(TEST_FILE + follower * 100_000)


@given(st.integers(0, 255).filter(lambda byte: byte not in MAY_FOLLOW), tails, tails)
def test_any_other_byte_behind_it_makes_it_another_file(
    byte: int, before: bytes, after: bytes
) -> None:
    assert not eicar.matches(TEST_FILE + before[:29] + bytes([byte]) + after[:30])


@given(st.binary(min_size=1, max_size=60))
def test_nothing_may_stand_before_it(before: bytes) -> None:
    assert not eicar.matches(before + TEST_FILE)


@given(st.integers(0, 67), st.integers(1, 255), tails)
def test_one_changed_byte_makes_it_another_file(
    place: int, change: int, tail: bytes
) -> None:
    changed = bytearray(TEST_FILE)
    changed[place] ^= change
    assert not eicar.matches(bytes(changed) + tail)


@given(st.integers(0, 67), tails)
def test_a_shorter_file_is_another_file(size: int, tail: bytes) -> None:
    assert not eicar.matches(TEST_FILE[:size] + tail)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_not_the_test_file(data: bytes) -> None:
    assert not eicar.matches(data)


def test_the_rule_has_a_name_that_verdicts_may_carry() -> None:
    assert eicar.NAME == "Eicar-Test-File"
