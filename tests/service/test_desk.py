"""What whoever hands objects in can rely on, with a real jail behind the desk."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from support.serving import Lines, desk, eicar, held, play, slow, until

from clearward.core.errors import Refused
from clearward.core.reasons import Reason
from clearward.core.verdict import Outcome
from clearward.jail.broker import Unopened
from clearward.service.desk import Busy
from clearward.service.judgement import Judgement

RULE = 'rule {name} {{ strings: $a = "{text}" condition: $a }}\n'


def rules(folder: Path, name: str, text: str) -> Path:
    path = folder / "mine.yar"
    path.write_text(RULE.format(name=name, text=text))
    return path


def test_an_object_is_clean_found_or_unscanned() -> None:
    async def scene() -> None:
        async with desk() as one:
            clean = await one.judge(held(b"nothing in it"), "a")
            assert (clean.outcome, clean.size) == (Outcome.CLEAN, 13)
            found = await one.judge(eicar(), "a")
            assert found.outcome is Outcome.FOUND
            assert [rule.name for rule in found.rules] == ["Eicar-Test-File"]
            missing = await one.judge(Unopened(b"x", Reason.VANISHED), "a")
            assert missing.outcome is Outcome.UNSCANNED
            assert missing.reasons is Reason.VANISHED
            assert sum(one.counts.outcomes.values()) == 3

    play(scene)


def test_every_rule_is_named_if_that_is_asked_for(tmp_path: Path) -> None:
    path = rules(tmp_path, "one", "marker")
    path.write_text(path.read_text() + RULE.format(name="two", text="marker"))

    async def scene() -> None:
        async with desk(path) as one:
            first = await one.judge(held(b"a marker"), "a")
            every = await one.judge(held(b"a marker"), "a", every=True)
            assert [rule.name for rule in first.rules] == ["one"]
            assert [rule.name for rule in every.rules] == ["one", "two"]

    play(scene)


def test_nothing_is_told_before_submit_has_returned() -> None:
    async def scene() -> None:
        async with desk() as one:
            told: list[Judgement] = []
            one.submit(Unopened(b"x", Reason.PERMISSION), "a", told.append)
            one.submit(held(b"x"), "a", told.append)
            assert not told
            await until(lambda: len(told) == 2)

    play(scene)


@pytest.mark.parametrize("delay", [0, 0.01, 0.3])
def test_a_worker_is_free_soon_after_nobody_waits_any_more(delay: float) -> None:
    async def scene() -> None:
        async with desk(jobs=1) as one:
            told: list[Judgement] = []
            ticket = one.submit(slow(), "a", told.append)
            await until(lambda: one.counts.busy == 1)
            await asyncio.sleep(delay)
            ticket.cancel()
            ticket.cancel()
            # 0.1 s where there is a processor for it.
            assert await until(lambda: one.counts.busy == 0) < 1
            assert (await one.judge(held(b"x"), "a")).outcome is Outcome.CLEAN
            assert not told

    play(scene)


def test_what_is_cancelled_while_it_waits_never_gets_to_a_worker() -> None:
    async def scene() -> None:
        async with desk(jobs=1) as one:
            told: list[Judgement] = []
            tickets = [one.submit(held(b"x"), "a", told.append) for _ in range(20)]
            for ticket in tickets[::2]:
                ticket.cancel()
            await until(lambda: len(told) == 10)
            assert one.counts.waiting == 0

    play(scene)


def test_a_deadline_of_its_own_ends_an_object() -> None:
    async def scene() -> None:
        async with desk(jobs=1) as one:
            judgement = await one.judge(slow(), "a", 0.2)
            assert judgement.outcome is Outcome.UNSCANNED
            assert judgement.reasons is Reason.TIME_LIMIT
            await until(lambda: one.counts.busy == 0)

    play(scene)


def test_slow_objects_do_not_keep_others_waiting() -> None:
    async def scene() -> None:
        async with desk(jobs=2) as one:
            tickets = [one.submit(slow(), "a", lambda _: None) for _ in range(4)]
            for tenant in "ab":
                judgement = await asyncio.wait_for(one.judge(eicar(), tenant), 20)
                assert judgement.outcome is Outcome.FOUND
            for ticket in tickets:
                ticket.cancel()

    play(scene)


def test_no_more_wait_than_may() -> None:
    async def scene() -> None:
        async with desk(jobs=1, most=3) as one:
            before = len(os.listdir("/proc/self/fd"))
            tickets = [one.submit(slow(), "a", lambda _: None) for _ in range(3)]
            with pytest.raises(Busy):
                one.submit(held(b"x"), "a", lambda _: None)
            for ticket in tickets:
                ticket.cancel()
            assert len(os.listdir("/proc/self/fd")) == before

    play(scene)


def test_new_rules_are_in_force_after_a_reload(tmp_path: Path) -> None:
    path = rules(tmp_path, "old", "marker")

    async def scene() -> None:
        async with desk(path) as one:
            before = one.in_force.digest
            rules(tmp_path, "new", "marker")
            one.reload()
            seen = []
            while one.reloading:
                judgement = await one.judge(held(b"a marker"), "a")
                seen.append(judgement.rules[0].name)
            assert set(seen[:-1]) == {"old"}  # while the last one waited it ended
            judgement = await one.judge(held(b"a marker"), "a")
            assert judgement.rules[0].name == "new"
            assert one.in_force.digest != before
            assert one.counts.reloads == 1

    play(scene)


def test_rules_that_cannot_be_used_leave_the_old_ones_in_force(tmp_path: Path) -> None:
    path = rules(tmp_path, "old", "marker")
    log = Lines()

    async def scene() -> None:
        async with desk(path, log=log) as one:
            path.write_text("rule broken {")
            one.reload()
            await until(lambda: not one.reloading)
            judgement = await one.judge(held(b"a marker"), "a")
            assert judgement.rules[0].name == "old"
            assert one.counts.failed_reloads == 1

    play(scene)
    assert "rules not loaded" in log.text


def test_what_is_looked_at_during_a_reload_is_finished(tmp_path: Path) -> None:
    path = rules(tmp_path, "old", "marker")

    async def scene() -> None:
        async with desk(path, jobs=1) as one:
            waiting = asyncio.create_task(one.judge(slow(), "a", 5))
            await until(lambda: one.counts.busy == 1)
            one.reload()
            await until(lambda: not one.reloading)
            assert not waiting.done()
            assert (await one.judge(eicar(), "a")).outcome is Outcome.FOUND
            assert (await waiting).reasons is Reason.TIME_LIMIT

    play(scene)


def children() -> set[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return {int(word) for word in listed.split()}


def test_a_jail_that_is_killed_is_started_again_and_nothing_is_called_clean() -> None:
    before = children()

    async def scene() -> None:
        async with desk(jobs=1) as one:
            loaded: list[bool] = []
            one.reloaded = lambda: loaded.append(one.ready)
            waiting = asyncio.create_task(one.judge(slow(), "a"))
            await until(lambda: one.counts.busy == 1)
            for process in children() - before:
                os.kill(process, signal.SIGKILL)
            judgement = await waiting
            assert judgement.outcome is Outcome.UNSCANNED
            assert judgement.reasons is Reason.WORKER_DIED
            await until(lambda: one.ready, 30)
            assert loaded == [True]  # whoever remembers something under them is told
            assert (await one.judge(eicar(), "a")).outcome is Outcome.FOUND

    play(scene)


def test_a_desk_that_closes_answers_what_waits() -> None:
    async def scene() -> None:
        told: list[Judgement] = []
        before = children()
        async with desk(jobs=1) as one:
            for _ in range(3):
                one.submit(slow(), "a", told.append)
            await until(lambda: one.counts.busy == 1)
        assert [judgement.reasons for judgement in told] == [Reason.WORKER_DIED] * 3
        with pytest.raises(Busy):
            one.submit(held(b"x"), "a", told.append)
        assert children() == before

    play(scene)


def test_rules_that_are_wrong_from_the_start_are_refused(tmp_path: Path) -> None:
    path = rules(tmp_path, "x", "y")
    path.write_text("rule {")

    async def scene() -> None:
        before = children()
        with pytest.raises(Refused):
            async with desk(path):
                pass
        assert children() == before

    play(scene)


def test_one_clients_trouble_is_not_anothers() -> None:
    log = Lines()

    async def scene() -> None:
        async with desk(log=log) as one:

            def broken(_: Judgement) -> None:
                raise ValueError("content of a file")

            one.submit(held(b"x"), "a", broken)
            assert (await one.judge(eicar(), "b")).outcome is Outcome.FOUND

    play(scene)
    assert "answer failed" in log.text
    assert "content of a file" not in log.text
