"""Behaviour of what crosses the wall of the jail."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clearward.core.reasons import FROM_THE_JAIL, NONE, Reason
from clearward.core.verdict import MAX_RULES, Outcome, Verdict
from clearward.jail.wire import (
    ANSWER_SIZE,
    BATCH,
    Answer,
    Code,
    Hostile,
    Job,
    Request,
    Run,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
    encode_rules,
    encode_run,
    encode_unloaded,
)

RULE_COUNT = 50
JOBS = st.sampled_from(list(Job))
NUMBERS = st.integers(0, 2**32 - 1)
RULES = st.lists(st.integers(0, RULE_COUNT - 1), max_size=5, unique=True)
REASONS = st.lists(st.sampled_from(list(FROM_THE_JAIL)), max_size=4)
RECORD = struct.Struct("<IIHBBI")


def joined(reasons: list[Reason]) -> Reason:
    mask = NONE
    for reason in reasons:
        mask |= reason
    return mask


def honest(job: Job, identifier: int, rules: list[int], reasons: Reason) -> bytes:
    """What an honest worker answers."""
    code = Code.FOUND if rules else Code.UNSCANNED if reasons else Code.CLEAN
    message = encode_answer(identifier, code, rules, (int(reasons), 2, 3))
    return message if job is Job.SCAN else message + encode_rules(rules)


def verdict_of(message: bytes, job: Job, rule_count: int = RULE_COUNT) -> Verdict:
    """The verdict of an answer for one file that needs no heavy library."""
    answer = decode_answer(message, job, rule_count)
    assert isinstance(answer, Answer)
    assert answer.verdict is not None
    return answer.verdict


@given(JOBS, NUMBERS, st.lists(st.integers(0, 2**63), max_size=BATCH), st.booleans())
def test_a_request_comes_back_as_it_was(
    job: Job,
    first: int,
    sizes: list[int],
    singly: bool,  # noqa: FBT001 - hypothesis gives it so
) -> None:
    request = Request(job, first, tuple(sizes), singly)
    assert decode_request(encode_request(request)) == request


@given(JOBS, NUMBERS, st.integers(0, BATCH), st.booleans())
def test_a_run_of_clean_files_comes_back_as_it_was_in_sixteen_bytes(
    job: Job,
    first: int,
    count: int,
    longer: bool,  # noqa: FBT001 - hypothesis gives it so
) -> None:
    message = encode_run(first, count, longer=longer)
    assert len(message) == ANSWER_SIZE
    assert decode_answer(message, job, RULE_COUNT) == Run(first, count, longer)


@given(JOBS, NUMBERS, RULES, REASONS)
def test_an_honest_answer_comes_back_as_it_was(
    job: Job, identifier: int, rules: list[int], reasons: list[Reason]
) -> None:
    mask = joined(reasons)
    answer = decode_answer(honest(job, identifier, rules, mask), job, RULE_COUNT)
    kept = tuple(rules[:1]) if job is Job.SCAN else tuple(sorted(rules))
    assert answer == Answer(identifier, Verdict(kept, mask, 3, 2))


@given(NUMBERS, RULES, REASONS)
def test_the_answer_to_a_scan_is_sixteen_bytes(
    identifier: int, rules: list[int], reasons: list[Reason]
) -> None:
    assert ANSWER_SIZE == 16
    assert len(honest(Job.SCAN, identifier, rules, joined(reasons))) == ANSWER_SIZE


def test_depth_and_parts_are_cut_to_what_the_answer_can_hold() -> None:
    message = encode_answer(1, Code.CLEAN, [], (0, 1000, 1 << 40))
    verdict = verdict_of(message, Job.SCAN)
    assert (verdict.depth, verdict.parts) == (255, 0xFFFFFFFF)


@given(JOBS, st.integers(0, 3000))
def test_more_rules_than_an_answer_holds_are_cut_and_that_is_said(
    job: Job, count: int
) -> None:
    rules = list(range(count))
    message = honest(job, 0, rules, NONE)
    verdict = verdict_of(message, job, 3000)
    if job is Job.SCAN:
        assert verdict.rules == tuple(rules[:1])
    else:
        assert verdict.rules == tuple(rules[:MAX_RULES])
    assert verdict.rules_cut == (job is not Job.SCAN and count > MAX_RULES)


def test_the_first_match_may_be_among_those_that_were_cut() -> None:
    rules = [2999, *range(2000)]
    verdict = verdict_of(honest(Job.EVERY, 0, rules, NONE), Job.EVERY, 3000)
    assert verdict.outcome is Outcome.FOUND


@pytest.mark.parametrize("job", list(Job))
def test_a_file_that_needs_more_rules_has_no_verdict(job: Job) -> None:
    answer = decode_answer(encode_unloaded(7, 9), job, 3)
    assert answer == Answer(7, None, instead=Code.UNLOADED, unloaded=9)


@pytest.mark.parametrize("job", list(Job))
def test_a_file_for_the_heavy_zygote_has_no_verdict(job: Job) -> None:
    message = encode_answer(7, Code.HEAVY, [], (0, 0, 0))
    heavy = Answer(7, None, instead=Code.HEAVY)
    assert decode_answer(message, job, RULE_COUNT) == heavy


@given(JOBS, st.binary(max_size=60), st.integers(0, 5))
@example(Job.EVERY, bytes(16) + b"\xff" * 8, 5)
@example(Job.EXPLAIN, bytes(20), 0)
def test_any_bytes_are_an_answer_in_the_vocabulary_or_hostile(
    job: Job, message: bytes, rule_count: int
) -> None:
    check(message, job, rule_count)


FIELDS = st.tuples(
    st.integers(0, 5),
    st.integers(0, 6),
    st.integers(0, 0xFFFF) | st.sampled_from([0, 1, 1 << 9, 1 << 14, 1 << 15]),
    st.integers(0, 5),
    st.integers(0, 255),
    NUMBERS,
)


@given(JOBS, FIELDS, st.lists(st.integers(0, 6), max_size=5), st.binary(max_size=4))
def test_answers_that_are_almost_honest_are_in_the_vocabulary_or_hostile(
    job: Job,
    fields: tuple[int, int, int, int, int, int],
    numbers: list[int],
    behind: bytes,
) -> None:
    message = RECORD.pack(*fields)
    check(message, job, 5)
    check(message + struct.pack(f"<{len(numbers)}I", *numbers) + behind, job, 5)


def check(message: bytes, job: Job, rule_count: int) -> None:
    """An answer that is taken says nothing that its job cannot say."""
    try:
        answer = decode_answer(message, job, rule_count)
    except Hostile:
        return
    if isinstance(answer, Run):
        assert message == encode_run(answer.first, answer.count, longer=answer.longer)
        return
    assert 0 <= answer.identifier < 1 << 32
    if job is Job.SCAN:
        assert len(message) == ANSWER_SIZE
    if job is not Job.EXPLAIN:
        assert answer.explanation == b""
    verdict = answer.verdict
    if verdict is None:
        return
    assert all(0 <= rule < rule_count for rule in verdict.rules)
    assert len(verdict.rules) <= (1 if job is Job.SCAN else MAX_RULES)
    assert list(verdict.rules) == sorted(set(verdict.rules))
    assert not int(verdict.reasons) & ~int(FROM_THE_JAIL)
    assert 0 <= verdict.depth <= 255
    assert message[10] == list(Outcome).index(verdict.outcome)


def wide(rule: int, said: int, *numbers: int) -> bytes:
    """A wide answer with a count that need not be true."""
    code = Code.FOUND if rule else Code.CLEAN
    head = RECORD.pack(0, rule, 0, code, 0, 1)
    return head + struct.pack(f"<I{len(numbers)}I", said, *numbers)


def fixed(
    *, rule: int = 0, reasons: int = 0, code: int = 0, depth: int = 0, parts: int = 1
) -> bytes:
    """A fixed answer whose fields need not fit together."""
    return RECORD.pack(0, rule, reasons, code, depth, parts)


@pytest.mark.parametrize(
    ("job", "message"),
    [
        pytest.param(Job.SCAN, b"", id="nothing"),
        pytest.param(Job.SCAN, fixed()[:-1], id="a byte too short"),
        pytest.param(Job.SCAN, fixed() + b"\0", id="a byte too long"),
        pytest.param(Job.SCAN, wide(0, 0), id="a wide answer nobody asked for"),
        pytest.param(Job.SCAN, bytes(1 << 20), id="a megabyte"),
        pytest.param(Job.SCAN, fixed(rule=51, code=1), id="a rule there is not"),
        pytest.param(Job.SCAN, fixed(rule=2**32 - 1, code=1), id="the last number"),
        pytest.param(
            Job.SCAN, fixed(reasons=1 << 9, code=2), id="not-regular is the broker's"
        ),
        pytest.param(
            Job.SCAN, fixed(reasons=1 << 11, code=2), id="vanished is the broker's"
        ),
        pytest.param(
            Job.SCAN, fixed(reasons=1 << 13, code=2), id="excluded is the broker's"
        ),
        pytest.param(
            Job.SCAN, fixed(reasons=1 << 14, code=2), id="worker-died is the broker's"
        ),
        pytest.param(Job.SCAN, fixed(reasons=1 << 15, code=2), id="no reason at all"),
        pytest.param(Job.SCAN, fixed(reasons=1, code=0), id="clean with a gap"),
        pytest.param(Job.SCAN, fixed(rule=1, code=0), id="clean with a match"),
        pytest.param(Job.SCAN, fixed(rule=1, code=2), id="unscanned with a match"),
        pytest.param(Job.SCAN, fixed(code=1), id="found without a match"),
        pytest.param(Job.SCAN, fixed(code=2), id="unscanned without a reason"),
        pytest.param(Job.SCAN, fixed(code=4, rule=1), id="a run with a match"),
        pytest.param(Job.SCAN, fixed(code=4, reasons=1), id="a run with a gap"),
        pytest.param(Job.SCAN, fixed(code=4, depth=2), id="a run that is nested"),
        pytest.param(Job.EVERY, fixed(code=4) + bytes(4), id="a run with numbers"),
        pytest.param(Job.SCAN, fixed(code=6), id="no outcome"),
        pytest.param(Job.SCAN, fixed(code=5, parts=1 << 16), id="lacking too much"),
        pytest.param(Job.SCAN, fixed(code=255), id="no outcome, all bits"),
        pytest.param(Job.SCAN, fixed(rule=1, code=3), id="heavy with a match"),
        pytest.param(Job.SCAN, fixed(reasons=1, code=3), id="heavy with a gap"),
        pytest.param(Job.SCAN, fixed(rule=1, code=5), id="lacking, with a match"),
        pytest.param(Job.SCAN, fixed(reasons=1, code=5), id="lacking, with a gap"),
        pytest.param(Job.EVERY, wide(0, 0)[:-1], id="a count cut short"),
        pytest.param(Job.EVERY, wide(0, 0) + b"\0", id="bytes behind the numbers"),
        pytest.param(Job.EVERY, wide(1, 2, 0), id="fewer numbers than said"),
        pytest.param(Job.EVERY, wide(1, 1, 0, 1), id="more numbers than said"),
        pytest.param(Job.EVERY, wide(1, 2, 1, 0), id="numbers not in order"),
        pytest.param(Job.EVERY, wide(1, 2, 0, 0), id="one number twice"),
        pytest.param(Job.EVERY, wide(1, 1, 50), id="a number there is not"),
        pytest.param(Job.EVERY, wide(0, 1, 0), id="numbers without a first match"),
        pytest.param(Job.EVERY, wide(1, 0), id="a first match without numbers"),
        pytest.param(Job.EVERY, wide(1, 1, 1), id="a first match not among them"),
        pytest.param(
            Job.EVERY, wide(1, 51, *range(51)), id="more matches than there are rules"
        ),
        pytest.param(Job.EXPLAIN, wide(0, 0)[:-1], id="an explanation's count cut"),
        pytest.param(
            Job.EXPLAIN,
            RECORD.pack(0, 0, 0, Code.HEAVY, 0, 0) + struct.pack("<I", 0) + b"leak",
            id="heavy with something behind it",
        ),
    ],
)
def test_an_answer_that_no_honest_worker_gives_is_hostile(
    job: Job, message: bytes
) -> None:
    with pytest.raises(Hostile):
        decode_answer(message, job, RULE_COUNT)


def test_without_rules_nothing_can_be_found() -> None:
    with pytest.raises(Hostile):
        decode_answer(fixed(rule=1, code=1), Job.SCAN, 0)


def test_only_an_explanation_has_a_tail() -> None:
    message = wide(0, 0) + b"explanation"
    answer = decode_answer(message, Job.EXPLAIN, 1)
    assert isinstance(answer, Answer)
    assert answer.explanation == b"explanation"
    with pytest.raises(Hostile):
        decode_answer(message, Job.EVERY, 1)
