"""Behaviour of the thread that decides."""

import asyncio
from pathlib import Path

import pytest
from support.witnessing import numbered

from clearward.core.errors import Unavailable
from clearward.faces.witness.deciding import Deciding
from clearward.stores.witness import Witness, make
from clearward.updates.witness import Answer, Logs

LOG = numbered(9)


def decided(deciding: Deciding, *bodies: bytes) -> list[Answer]:
    async def ask() -> list[Answer]:
        return list(await asyncio.gather(*map(deciding.ask, bodies)))

    try:
        return asyncio.run(ask())
    finally:
        deciding.close()


def test_what_comes_together_is_decided_one_behind_the_other(tmp_path: Path) -> None:
    make(str(tmp_path), "w.example")
    witness = Witness(str(tmp_path))
    deciding = Deciding(witness, Logs.of([LOG.signer.public]))
    bodies = (LOG.body(0, 3), LOG.body(3, 5), LOG.body(3, 4), b"nothing")
    assert [one.status for one in decided(deciding, *bodies)] == [200, 200, 409, 400]
    witness.close()


def test_what_cannot_be_written_down_is_not_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> list[Answer]:
        raise Unavailable("no room")

    make(str(tmp_path), "w.example")
    witness = Witness(str(tmp_path))
    monkeypatch.setattr(Witness, "decide", full)
    deciding = Deciding(witness, Logs.of([LOG.signer.public]))
    assert decided(deciding, LOG.body(0, 3))[0].status == 503
    witness.close()
