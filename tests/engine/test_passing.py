"""Streams that pass: what is held of them is let go of as it is handed out."""

import random
import time
import zlib
from io import BytesIO

import pytest

from clearward.core.limits import MIB, Limits
from clearward.core.reader import CHUNK
from clearward.engine.budget import HELD, Budget
from clearward.engine.passing import drained, holds_container, parted


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_buffer_is_parted_in_order_and_let_go_of(size: int) -> None:
    data = random.Random(size).randbytes(size)  # noqa: S311 - not secret
    whole = BytesIO()
    whole.write(data)
    pieces = parted(whole)
    assert b"".join(pieces) == data
    assert max(map(len, pieces), default=0) <= CHUNK
    assert not whole.getvalue()


def test_of_what_waits_only_more_than_is_usual_takes_room_from_others() -> None:
    budget = Budget(Limits(), time.monotonic)
    pieces = [bytes(8 * MIB)] * 10  # 80 MiB, of which 64 are usual
    rooms = [budget.room() for _ in drained(pieces, budget)]
    assert rooms[0] == HELD - 16 * MIB
    assert rooms[1] == HELD - 8 * MIB
    assert set(rooms[2:]) == {HELD}
    assert budget.room() == HELD


def test_room_is_given_back_if_nobody_asks_for_the_rest() -> None:
    budget = Budget(Limits(), time.monotonic)
    handed = drained([bytes(50 * MIB)] * 2, budget)
    next(handed)
    assert budget.room() < HELD
    del handed
    assert budget.room() == HELD


def test_a_container_is_met_once_chunks_are_no_longer_the_same() -> None:
    same = [bytes(CHUNK)] * 4
    archive = _seven_zip()
    assert not holds_container(b"", iter(same))
    assert holds_container(b"", iter([*same, bytes(99) + archive, *same]))
    assert holds_container(
        b"", iter([*same, bytes(CHUNK - 9) + archive[:9], archive[9:]])
    )


def _seven_zip() -> bytes:
    start = bytes(20)
    summed = zlib.crc32(start).to_bytes(4, "little")
    return b"7z\xbc\xaf\x27\x1c\0\4" + summed + start
