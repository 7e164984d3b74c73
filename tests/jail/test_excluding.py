"""What is left of a verdict when something is excluded, and what is asked again."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.pool import SECONDS, Clock, files
from support.zygote import Asked, Script, ScriptedZygote, Worker, answers, lane

from clearward.core.names import RuleName
from clearward.core.reasons import Reason
from clearward.core.verdict import MAX_RULES, Verdict
from clearward.jail import excluding
from clearward.jail.broker import OpenFile, open_file
from clearward.jail.excluding import Excluding, Left
from clearward.jail.pool import Pool
from clearward.jail.scanned import Scanned
from clearward.jail.wire import Code, Job, encode_answer, encode_rules, encode_run

CONTENT = b"content"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
RULES = [RuleName(f"Rule.{number}", "local", 0, "yara") for number in range(1100)]


@dataclass
class Set:
    """Exclusions that never end."""

    kept: Mapping[str, int]

    def now(self) -> Mapping[str, int]:
        return self.kept


@pytest.fixture(name="file")
def fixture_file(tmp_path: Path) -> Iterator[OpenFile]:
    (tmp_path / "file").write_bytes(CONTENT)
    path = os.fsencode(tmp_path / "file")
    entry = open_file(path, path, None, None)
    assert isinstance(entry, OpenFile)
    yield entry
    entry.close()


def leave(file: OpenFile, verdict: Verdict, *excluded: str, every: bool = True) -> Left:
    exclusions = Set(dict.fromkeys(excluded, 9))
    return Excluding(RULES, exclusions).leave(file, verdict, every=every)


def test_without_exclusions_a_verdict_stays(file: OpenFile) -> None:
    verdict = Verdict((1,))
    assert leave(file, verdict) == Left(verdict)
    assert Excluding().leave(file, verdict, every=False) == Left(verdict)
    assert leave(file, verdict, "Rule.2", DIGEST.replace("a", "b")) == Left(verdict)


def test_what_is_excluded_is_taken_out_and_told(file: OpenFile) -> None:
    left = leave(file, Verdict((1, 2)), "Rule.1")
    assert left.verdict == Verdict((2,))
    assert [one.name for one in left.excluded] == ["Rule.1"]
    left = leave(file, Verdict((1, 2)), "Rule.1", "Rule.2")
    assert left.verdict == Verdict()
    assert [one.name for one in left.excluded] == ["Rule.1", "Rule.2"]


def test_the_first_match_alone_does_not_decide(file: OpenFile) -> None:
    left = leave(file, Verdict((1,)), "Rule.1", every=False)
    assert left.again
    assert left.verdict.rules == (1,)


def test_what_was_not_looked_at_stays_so(file: OpenFile) -> None:
    left = leave(file, Verdict((1,), Reason.ENCRYPTED), "Rule.1")
    assert left.verdict == Verdict((), Reason.ENCRYPTED)


def test_a_list_that_was_cut_stays_found(file: OpenFile) -> None:
    names = [f"Rule.{number}" for number in range(MAX_RULES)]
    cut = Verdict(tuple(range(MAX_RULES)), rules_cut=True)
    assert leave(file, cut, *names) == Left(cut)


def test_a_file_is_excluded_by_its_digest(file: OpenFile) -> None:
    left = leave(file, Verdict((1, 2)), DIGEST)
    assert left.verdict == Verdict()
    assert {one.digest for one in left.excluded} == {DIGEST}
    again = leave(file, Verdict((1,)), DIGEST, every=False)
    assert again.again


def test_a_rule_of_a_plain_list_that_is_called_by_its_digest_is_excluded(
    file: OpenFile,
) -> None:
    rules = [RuleName("cd" * 32, "local", 0, "digest")]
    exclusions = Set({"cd" * 32: 9})
    left = Excluding(rules, exclusions).leave(file, Verdict((0,)), every=True)
    assert left.verdict == Verdict()


def test_a_file_too_large_to_be_hashed_stays_found(
    file: OpenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excluding, "MOST_HASHED", len(CONTENT) - 1)
    assert leave(file, Verdict((1,)), DIGEST) == Left(Verdict((1,)))


def test_a_file_that_ends_too_early_stays_found(file: OpenFile, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    empty = hashlib.sha256(b"").hexdigest()
    assert leave(file, Verdict((1,)), DIGEST, empty) == Left(Verdict((1,)))


# Through the pool: workers see nothing of it but the second question.


def scan(
    folder: Path, script: Script, *excluded: str, job: Job = Job.SCAN, jobs: int = 1
) -> tuple[list[Scanned], ScriptedZygote]:
    zygote = ScriptedZygote(script)
    pool = Pool(
        (lane(zygote),),
        len(RULES),
        jobs=jobs,
        job=job,
        seconds=SECONDS,
        excluding=Excluding(RULES, Set(dict.fromkeys(excluded, 9))),
    )
    try:
        results = list(pool.scan(files(folder, 5)))
    finally:
        pool.close()
        zygote.close()
    return sorted(results, key=lambda one: one.entry.path), zygote


def matches(asked: Asked, *rules: int) -> bytes:
    """What an honest worker says of a file in which some rules match."""
    told = rules if asked.job is Job.EVERY else rules[:1]
    code = Code.FOUND if rules else Code.CLEAN
    message = encode_answer(asked.identifier, code, told, (0, 0, 1))
    return message + encode_rules(told) if asked.job is Job.EVERY else message


def test_an_excluded_first_match_hides_no_other(tmp_path: Path) -> None:
    def give(asked: Asked) -> bytes:
        return matches(asked, 1, 2, 3) if int(asked.content) == 2 else matches(asked)

    results, _ = scan(tmp_path, answers(give), "Rule.1")
    rules = [one.verdict.rules for one in results]
    assert rules == [(), (), (2,), (), ()]
    assert [one.name for one in results[2].excluded] == ["Rule.1"]
    assert [one.may_be_remembered for one in results] == [True, True, False, True, True]


def test_every_file_may_have_to_be_asked_again(tmp_path: Path) -> None:
    results, _ = scan(
        tmp_path, answers(lambda asked: matches(asked, 1)), "Rule.1", jobs=2
    )
    assert [one.verdict.outcome.value for one in results] == ["clean"] * 5
    assert all(one.excluded and not one.may_be_remembered for one in results)


def test_who_asks_for_every_match_gets_the_rest_at_once(tmp_path: Path) -> None:
    asked_for: list[Job] = []

    def give(asked: Asked) -> bytes:
        asked_for.append(asked.job)
        return matches(asked, 1, 2, 3)

    results, _ = scan(tmp_path, answers(give), "Rule.2", job=Job.EVERY)
    assert {one.verdict.rules for one in results} == {(1, 3)}
    assert asked_for == [Job.EVERY] * 5


def test_a_worker_that_dies_at_the_second_question_makes_nothing_clean(
    tmp_path: Path,
) -> None:
    def script(worker: Worker) -> None:
        for asked in worker.asked():
            if asked.job is Job.EVERY:
                return
            worker.send(matches(asked, 1))

    results, _ = scan(tmp_path, script, "Rule.1")
    assert {one.verdict.reasons for one in results} == {Reason.WORKER_DIED}
    assert {one.verdict.rules for one in results} == {()}


def test_a_worker_that_takes_it_back_in_a_run_makes_nothing_clean(
    tmp_path: Path,
) -> None:
    def give(asked: Asked) -> bytes:
        if asked.job is Job.EVERY:
            return encode_run(asked.identifier, 1)
        return matches(asked, 1)

    results, _ = scan(tmp_path, answers(give), "Rule.1")
    assert {one.verdict.reasons for one in results} == {Reason.WORKER_DIED}


def test_time_that_the_first_look_took_counts(tmp_path: Path, clock: Clock) -> None:
    spent: list[int] = []

    def give(asked: Asked) -> bytes:
        if asked.job is Job.EVERY:
            spent.append(asked.spent)
        else:
            clock.advance(3.0)
        return matches(asked, 1)

    scan(tmp_path, answers(give), "Rule.1")
    assert len(spent) == 5
    assert sum(spent) >= 5 * 3000  # whichever of the answers is read first
