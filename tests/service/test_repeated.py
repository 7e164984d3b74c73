"""The same small bytes are looked at once, and never for somebody else."""

import secrets
from pathlib import Path

import pytest
from support.marks import EICAR
from support.serving import desk, held, play, until

from clearward.core.verdict import Outcome
from clearward.jail.broker import OpenFile
from clearward.service import body
from clearward.service.body import Body, Storage
from clearward.service.desk import Desk
from clearward.service.judgement import Judgement
from clearward.service.repeated import Repeated
from clearward.stores.verdicts.period import Period

ENCRYPTED = bytes.fromhex("504b0304140001000000") + bytes(16) + b"\1\0\0\0xabc"


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def entry(content: bytes, folder: Path) -> OpenFile:
    with Body(Storage(str(folder)), 1 << 20) as one:
        one.write(content)
        return one.entry(b"object")


async def twice(one: Desk, content: bytes, folder: Path) -> list[Judgement]:
    return [await one.judge(entry(content, folder), "a") for _ in range(2)]


def test_a_digest_belongs_to_one_tenant() -> None:
    known = Repeated(Period())
    known.keep("a", b"digest", 3)
    assert known.recall("a", b"digest") == 3
    assert known.recall("b", b"digest") is None
    assert known.recall("a", b"other") is None


def test_what_was_kept_expires_within_the_period() -> None:
    clock = Clock()
    known = Repeated(Period(10, 20), clock=clock)
    for _ in range(100):
        known.keep("a", secrets.token_bytes(4), 1)
    known.keep("a", b"digest", 1)
    clock.now += 9
    assert known.recall("a", b"digest") == 1
    clock.now += 11
    assert known.recall("a", b"digest") is None
    assert len(known) == 100  # it takes no place any more


def test_the_one_that_was_asked_for_longest_ago_makes_room() -> None:
    known = Repeated(Period(), most=2)
    known.keep("a", b"1", 1)
    known.keep("a", b"2", 1)
    assert known.recall("a", b"1") == 1
    known.keep("a", b"3", 1)
    assert known.recall("a", b"2") is None
    assert known.recall("a", b"1") == known.recall("a", b"3") == 1


def test_a_clean_object_is_not_looked_at_twice(tmp_path: Path) -> None:
    async def scene() -> None:
        async with desk() as one:
            first, second = await twice(one, b"nothing in it", tmp_path)
            assert not first.cached
            assert second == Judgement(
                Outcome.CLEAN, (), size=13, parts=first.parts, cached=True
            )
            assert one.counts.cached == 1
            assert one.counts.outcomes[Outcome.CLEAN.value] == 2
            other = await one.judge(entry(b"nothing in it", tmp_path), "b")
            assert not other.cached

    play(scene)


@pytest.mark.parametrize("content", [EICAR, ENCRYPTED], ids=["found", "unscanned"])
def test_what_is_not_clean_is_looked_at_each_time(
    content: bytes, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with desk() as one:
            both = await twice(one, content, tmp_path)
            assert all(each.outcome is not Outcome.CLEAN for each in both)
            assert not any(each.cached for each in both)
            assert both[0].outcome is both[1].outcome

    play(scene)


def test_other_rules_know_nothing_of_it(tmp_path: Path) -> None:
    rules = tmp_path / "mine.yar"
    rules.write_text('rule one { strings: $a = "elsewhere" condition: $a }')

    async def scene() -> None:
        async with desk(rules) as one:
            await twice(one, b"a word", tmp_path)
            rules.write_text('rule one { strings: $a = "a word" condition: $a }')
            one.reload()
            await until(lambda: one.counts.reloads == 1)
            again = await one.judge(entry(b"a word", tmp_path), "a")
            assert again.outcome is Outcome.FOUND

    play(scene)


def test_only_bytes_that_nobody_can_change_are_known_by_their_digest(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with desk() as one:
            for _ in range(2):
                # A descriptor from elsewhere.
                assert not (await one.judge(held(b"x" * 40), "a")).cached
            large = bytes(body.SMALL + 1)
            assert not any(each.cached for each in await twice(one, large, tmp_path))

    play(scene)
