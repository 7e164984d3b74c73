"""Behaviour of what turns addresses in programs back."""

import pytest

from clearward.formats.lz.lzms.programs import restored

FRONTS = ["488b05", "488b0d", "488d3d", "4c8d05", "e8", "f08305", "ff15"]
TARGET = 0x2345


def calls(places: list[int], front: bytes, size: int = 4000) -> bytes:
    """Bytes with instructions at places, their addresses as the packer has them."""
    data = bytearray(b"\x90" * size)
    for at, place in enumerate(places):
        value = TARGET if at >= 2 else TARGET - place
        field = (value & 0xFFFFFFFF).to_bytes(4, "little")
        data[place : place + len(front) + 4] = front + field
    return bytes(data)


def back(data: bytes) -> bytes:
    output = bytearray(data)
    restored(output)
    return bytes(output)


def distance(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "little", signed=True)


@pytest.mark.parametrize("front", [bytes.fromhex(text) for text in FRONTS])
def test_the_third_address_of_one_thing_is_turned_back(front: bytes) -> None:
    found = back(calls([100, 200, 300, 400], front))
    for place in (100, 200, 300, 400):
        assert distance(found, place + len(front)) == TARGET - place


def test_an_address_that_came_but_once_says_nothing() -> None:
    data = calls([100], b"\xe8")
    assert back(data) == data


@pytest.mark.parametrize(("far", "is_turned"), [(500, True), (600, False)])
def test_a_call_has_to_be_near_a_program(far: int, *, is_turned: bool) -> None:
    found = back(calls([100, 200, 204 + far], b"\xe8"))
    assert (distance(found, 204 + far + 1) == TARGET) is not is_turned


def test_the_last_bytes_the_first_and_jumps_are_left_alone() -> None:
    data = calls([0, 100, 200], b"\xe8", 216)
    assert back(data) == data
    jumped = calls([100, 200], b"\xe9")
    assert back(jumped) == jumped
    hidden = bytearray(calls([100, 200, 300], b"\xe8"))
    hidden[298] = 0xE9
    assert back(bytes(hidden)) == hidden
    assert back(b"\xe8" * 17) == b"\xe8" * 17
