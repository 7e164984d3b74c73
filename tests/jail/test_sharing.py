"""A file that several workers look at: one answer, the same as from one worker."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.containers import tarred, zipped
from support.jail import jail
from support.marks import MARK, mark_rule
from support.pool import Clock, files, scan
from support.zygote import Asked, Script, Worker, answers, good, honest

from clearward.core.explanation import Explanation
from clearward.core.reasons import NONE, Reason
from clearward.core.verdict import Verdict
from clearward.jail.broker import Before, OpenFile
from clearward.jail.explanation import encode
from clearward.jail.sharing import Shared, may_be_shared, with_before
from clearward.jail.wire import Code, Job, encode_answer, encode_rules

pytestmark = pytest.mark.usefixtures("clock", "nothing_stays_open", "nothing_hangs")

Give = Callable[[Asked], bytes]


def instead(asked: Asked, code: Code) -> bytes:
    return encode_answer(asked.identifier, code, [], (0, 0, 0))


def sharing(give: Give, *, whole: Give = honest, only: bytes = b"") -> Script:
    """A worker that says of files that they can be shared.

    Args:
        give: its answer for a share.
        whole: its answer for a file that is not to be shared.
        only: the content of the one file that it says so of; empty for all.
    """

    def answer(asked: Asked) -> bytes:
        if asked.shares > 1:
            return give(asked)
        if asked.shares and (not only or asked.content == only):
            return instead(asked, Code.SHARES)
        return whole(asked)

    return answers(answer)


def part(asked: Asked) -> bytes:
    """A clean share of 10 parts."""
    return encode_answer(asked.identifier, Code.CLEAN, [], (0, asked.share, 10))


def test_clean_shares_add_up(folder: Path) -> None:
    run = scan(files(folder, 1), sharing(part), jobs=3)
    assert run.said() == ["clean"]
    verdict = run.results[0].verdict
    assert (verdict.parts, verdict.depth) == (30, 2)
    assert run.light.forked == 3


def test_every_share_is_asked_for_once(folder: Path) -> None:
    seen: list[tuple[bytes, int, int]] = []

    def note(asked: Asked) -> bytes:
        seen.append((asked.content, asked.share, asked.shares))
        return part(asked)

    run = scan(files(folder, 20), sharing(note, only=b"00007"), jobs=2)
    assert run.said() == ["clean"] * 20
    assert sorted(seen) == [(b"00007", 0, 2), (b"00007", 1, 2)]


@pytest.mark.parametrize(("jobs", "job"), [(1, Job.SCAN), (2, Job.EXPLAIN)])
def test_nothing_is_shared_where_it_could_not_be_or_order_counts(
    jobs: int, job: Job, folder: Path
) -> None:
    seen: list[int] = []

    def note(worker: Worker) -> None:
        for asked in worker.asked():
            seen.append(asked.shares)
            if job is Job.EXPLAIN:
                clean = encode_answer(asked.identifier, Code.CLEAN, [], (0, 0, 1))
                worker.send(clean + encode_rules([]) + encode(Explanation()))
            else:
                worker.answer(asked)

    assert scan(files(folder, 5), note, jobs=jobs, job=job).said() == ["clean"] * 5
    assert set(seen) == {0}


def test_what_a_share_cannot_tell_one_worker_decides(folder: Path) -> None:
    wholes: list[tuple[int, int]] = []

    def whole(asked: Asked) -> bytes:
        wholes.append((asked.shares, asked.share))
        return honest(asked, reasons=int(Reason.ENCRYPTED))

    def give(asked: Asked) -> bytes:
        return instead(asked, Code.WHOLE) if asked.share else part(asked)

    run = scan(files(folder, 1), sharing(give, whole=whole), jobs=2)
    assert run.said() == ["encrypted"]
    assert wholes == [(0, 0)]


def test_a_match_of_a_share_is_named_as_one_worker_names_it(folder: Path) -> None:
    def give(asked: Asked) -> bytes:
        return honest(asked, rule=3)

    def whole(asked: Asked) -> bytes:
        return honest(asked, rule=1)

    (one,) = scan(files(folder, 1), sharing(give, whole=whole), jobs=2).results
    assert one.verdict.rules == (1,)


@pytest.mark.parametrize("reason", [NONE, Reason.TIME_LIMIT])
def test_a_match_of_a_share_is_never_lost(reason: Reason, folder: Path) -> None:
    def give(asked: Asked) -> bytes:
        return honest(asked, rule=3)

    def whole(asked: Asked) -> bytes:
        return honest(asked, reasons=int(reason))

    (one,) = scan(files(folder, 1), sharing(give, whole=whole), jobs=2).results
    assert one.verdict.rules == (3,)
    assert one.verdict.reasons is reason


def test_time_that_shares_took_is_gone_for_the_file(folder: Path, clock: Clock) -> None:
    spent: list[int] = []

    def give(asked: Asked) -> bytes:
        clock.advance(10)
        return instead(asked, Code.WHOLE)

    def whole(asked: Asked) -> bytes:
        spent.append(asked.spent)
        return honest(asked)

    assert scan(files(folder, 1), sharing(give, whole=whole), jobs=2).said() == [
        "clean"
    ]
    assert spent[0] >= 10_000


def dies_at_its_share(*, begun: bool) -> Script:
    def script(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.share:
                if begun:
                    worker.begins(asked)
                return
            if asked.shares > 1:
                worker.send(part(asked))
            elif asked.shares:
                worker.send(instead(asked, Code.SHARES))
            else:
                worker.answer(asked)

    return script


@pytest.mark.parametrize("begun", [True, False])
def test_a_share_that_ends_its_worker_is_the_doing_of_the_file(
    folder: Path, *, begun: bool
) -> None:
    run = scan(files(folder, 1), dies_at_its_share(begun=begun), jobs=2)
    assert run.said() == ["worker-died"]
    assert len(run.deaths()) == 1


def test_a_share_that_hangs_is_the_doing_of_the_file(
    folder: Path, clock: Clock
) -> None:
    def script(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.share:
                clock.jump()
            elif asked.shares > 1:
                worker.send(part(asked))
            else:
                worker.send(instead(asked, Code.SHARES))

    assert scan(files(folder, 1), script, jobs=2).said() == ["time-limit"]


def test_what_nobody_had_room_to_share_may_need_heavy_libraries(folder: Path) -> None:
    def needs(asked: Asked) -> bytes:
        return instead(asked, Code.HEAVY)

    light = sharing(needs, whole=needs)
    heavy = sharing(part)
    run = scan(files(folder, 300), light, light, heavy=[heavy, heavy], jobs=2)
    assert run.said() == ["clean"] * 300


def test_a_share_that_needs_heavy_libraries_sends_the_file_there(folder: Path) -> None:
    def give(asked: Asked) -> bytes:
        return instead(asked, Code.HEAVY) if asked.share else part(asked)

    heavy = sharing(part)
    run = scan(files(folder, 3), sharing(give), heavy=[heavy], jobs=2)
    assert run.said() == ["clean"] * 3
    assert {one.verdict.parts for one in run.results} <= {1, 20}


LIES: list[Give] = [
    lambda asked: instead(asked, Code.SHARES),
    lambda asked: honest(asked, reasons=int(Reason.CORRUPT)),
]


@pytest.mark.parametrize("lie", LIES)
def test_a_share_that_says_what_no_share_can_say_is_a_lie(
    lie: Give, folder: Path
) -> None:
    assert scan(files(folder, 1), sharing(lie), jobs=2).said() == ["worker-died"]


@pytest.mark.parametrize("code", [Code.WHOLE, Code.SHARES])
def test_a_file_that_was_not_shared_says_nothing_of_shares(
    code: Code, folder: Path
) -> None:
    lies = answers(lambda asked: instead(asked, code))
    assert scan(files(folder, 1), lies, jobs=1).said() == ["worker-died"]


def test_files_are_not_lost_beside_a_file_that_is_shared(folder: Path) -> None:
    def give(asked: Asked) -> bytes:
        return instead(asked, Code.WHOLE) if asked.share else part(asked)

    run = scan(files(folder, 400), sharing(give, only=b"00100"), good, jobs=2)
    assert run.said() == ["clean"] * 400


def test_a_share_closes_its_file_once(folder: Path) -> None:
    (entry,) = files(folder, 1)
    assert isinstance(entry, OpenFile)
    assert may_be_shared(entry)
    one, two = Shared(entry, 2).shares()
    assert not may_be_shared(one)
    assert (one.descriptor, one.size) == (two.descriptor, two.size)
    assert [one.close(), two.close()] == [NONE, NONE]


@given(st.sampled_from([NONE, Reason.CHANGED]), st.sampled_from([(), (4,)]))
def test_what_is_known_besides_is_added(
    changed: Reason, before: tuple[int, ...]
) -> None:
    clean = with_before(Verdict(parts=7), changed, Before(1.0, before))
    assert (clean.rules, clean.reasons, clean.parts) == (before, changed, 7)
    found = with_before(Verdict((2,)), changed, Before(1.0, before))
    assert found.rules == (2,)


def large(folder: Path) -> Iterator[Path]:
    """Containers that are worth sharing: clean, found, and not to be read in part."""
    inner = zipped([("deep", b"x" * 500)])
    for name, container in (("zip", zipped), ("tar", tarred)):
        members = [(f"{number}", os.urandom(8000)) for number in range(50)]
        members[10] = members[40] = ("twice" + name, inner)
        if name == "zip":
            members[40] = ("again", inner)
        for kind, last in (
            ("clean", b"text"),
            ("found", MARK),
            ("gap", b"!<arch>\nshort"),
        ):
            path = folder / f"{kind}.{name}"
            path.write_bytes(container([*members, ("last", last)]))
            yield path
        path = folder / f"cut.{name}"
        path.write_bytes(container(members)[:-15000])
        yield path


@pytest.mark.parametrize("job", [Job.SCAN, Job.EVERY, Job.EXPLAIN])
def test_two_real_workers_say_what_one_says(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    paths = list(large(tmp_path))
    said = []
    for jobs in (1, 2, 3):
        with jail(mark_rule(tmp_path), jobs=jobs, job=job) as running:
            results = [running.scan(path)[0] for path in paths]
            said.append([(one.verdict, one.explanation) for one in results])
    assert said[0] == said[1] == said[2]
    outcomes = [verdict.outcome.value for verdict, _ in said[0]]
    assert outcomes == ["clean", "found", "unscanned", "unscanned"] * 2
