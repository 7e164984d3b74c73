"""Objects on their way to the desk."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from support.icap_server import MOST, Pretended, running, verdict_of
from support.marks import EICAR
from support.serving import play

from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.faces.icap.http_head import NO_HEAD, HttpHead
from clearward.faces.icap.received import Received
from clearward.service.body import TooLarge
from clearward.service.judgement import Judgement

MIME = b"MIME-Version: 1.0\r\n\r\n"


def judged(
    folder: Path, http: HttpHead, *pieces: bytes
) -> tuple[Judgement, list[bytes]]:
    """What is said of an object, and what the desk saw."""
    said = []
    pretended = Pretended()

    async def scene() -> None:
        async with running(pretended, folder) as icap:
            room = icap.service.storage.room
            with Received(icap.service, http, "ip:x") as received:
                for piece in pieces:
                    received.write(piece)
                said.append(await received.judge())
                assert b"".join(received.pieces()) == b"".join(pieces)
            assert icap.service.storage.room == room

    play(scene)
    return said[0], pretended.seen


def test_the_bytes_are_judged_as_they_came(tmp_path: Path) -> None:
    judgement, seen = judged(tmp_path, NO_HEAD, EICAR[:9], EICAR[9:])
    assert judgement.outcome is Outcome.FOUND
    assert seen == [EICAR]


def test_an_object_of_several_parts_is_judged_as_mime_too(tmp_path: Path) -> None:
    http = replace(NO_HEAD, mime=MIME)
    judgement, seen = judged(tmp_path, http, b"--X", b"--")
    assert judgement.outcome is Outcome.CLEAN
    assert seen == [b"--X--", MIME + b"--X--"]


def test_nothing_is_judged_twice_that_is_found_or_empty(tmp_path: Path) -> None:
    http = replace(NO_HEAD, mime=MIME)
    assert len(judged(tmp_path, http, EICAR)[1]) == 1
    assert len(judged(tmp_path, http)[1]) == 1


@pytest.mark.parametrize(
    ("raw", "mime", "outcome"),
    [
        (b"!corrupt", MIME, Outcome.UNSCANNED),
        (b"x", b"!encrypted", Outcome.UNSCANNED),
        (b"!corrupt", EICAR, Outcome.FOUND),
        (b"x", EICAR, Outcome.FOUND),
    ],
)
def test_a_match_wins_over_a_gap_and_a_gap_over_nothing(
    tmp_path: Path, raw: bytes, mime: bytes, outcome: Outcome
) -> None:
    judgement, _ = judged(tmp_path, replace(NO_HEAD, mime=mime), raw)
    assert judgement.outcome is outcome
    if outcome is Outcome.UNSCANNED:
        reasons = verdict_of(raw).reasons | verdict_of(mime).reasons
        assert judgement.reasons == reasons


def test_what_is_hidden_is_not_clean(tmp_path: Path) -> None:
    http = replace(NO_HEAD, hidden=True)
    judgement, _ = judged(tmp_path, http, b"!corrupt")
    assert judgement.outcome is Outcome.UNSCANNED
    assert judgement.reasons == Reason.CORRUPT | Reason.UNSUPPORTED
    assert judged(tmp_path, http, EICAR)[0].outcome is Outcome.FOUND


def test_it_holds_no_more_than_it_may_and_keeps_nothing_open(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(Pretended(), tmp_path) as icap:
            before = os.listdir("/proc/self/fd")
            http = replace(NO_HEAD, mime=MIME)
            with Received(icap.service, http, "x") as received:
                received.write(b"x" * MOST)
                with pytest.raises(TooLarge):
                    received.write(b"x")
                await received.judge()
            assert os.listdir("/proc/self/fd") == before

    play(scene)
