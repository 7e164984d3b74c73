"""Everything that crosses the wall of the jail, on both sides of it.

A request is one message with up to `BATCH` descriptors attached; all integers are
little-endian:

    offset  length  field
    0       1       job, one of `Job`
    1       1       1 if every file is to be answered by itself, else 0
    2       1       number of the share that is asked for, from 0
    3       1       how many shares there are: 0 if a file is not to be shared, 1 if it
                    may be, more if the request is for one share of one file
    4       4       number of files
    8       4       identifier of the first file; the others count on
    12      4       milliseconds of its time limit that are gone, for a file by itself
    16      8 each  size of each file in bytes

Before its first request a worker sends `LOCKED`, once it is. Answers come in the order
of the request, each one message:

    0       4       identifier
    4       4       number of the first rule that matched, plus one; 0 if none did
    8       2       reasons, a bit each
    10      1       outcome: 0 clean, 1 found, 2 unscanned, 3 needs the heavy zygote,
                    4 a run, 5 can be shared, 6 has to be scanned as a whole, 7 needs
                    rules that are not loaded
    11      1       deepest nesting, at most 255
    12      4       parts looked at, capped; or the number of the rules needed

A run speaks for several files at once, from the identifier on: all are clean and hold
no other part. Its last field counts the files; the one before it is 1 if the file
behind them has been begun and takes longer, so that what happens now is its doing.

That is all for the job `SCAN`. `EVERY` adds rule numbers, 4 bytes each, ascending;
`EXPLAIN` adds those and an explanation (see `explanation.py`). An answer that is longer
than its job allows, or that says what cannot be, shows that the worker was taken over.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from clearward.core.reasons import FROM_THE_JAIL, Reason
from clearward.core.verdict import MAX_RULES, Verdict

BATCH = 64
ANSWER_SIZE = 16
LOCKED = b"locked"
MOST_ANSWER = 256 * 1024  # bytes of a wide answer

_REQUEST = struct.Struct("<BBBBIII")
_ANSWER = struct.Struct("<IIHBBI")
_MOST_PARTS = 0xFFFFFFFF
_LYING = 0xFFFF & ~int(FROM_THE_JAIL)
_MOST_DEPTH = 0xFF
_MOST_PARTITIONS = 1 << 16  # that any rules are parted into
_MOST_MILLISECONDS = 0xFFFFFFFF


class Job(IntEnum):
    """What the broker asks for."""

    SCAN = 1
    EVERY = 2
    EXPLAIN = 3


class Code(IntEnum):
    """The outcome as a worker says it."""

    CLEAN = 0
    FOUND = 1
    UNSCANNED = 2
    HEAVY = 3
    RUN = 4
    SHARES = 5
    WHOLE = 6
    UNLOADED = 7


# In place of a verdict: another worker has to see the file.
_INSTEAD = frozenset((Code.HEAVY, Code.SHARES, Code.WHOLE, Code.UNLOADED))


class Hostile(Exception):
    """An answer that an honest worker cannot give."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a worker is asked.

    Attributes:
        job: what is asked for.
        first: identifier of the first file; the others count on.
        sizes: bytes of each file, as the broker measured it.
        singly: answer every file by itself, for one of them ended a worker before.
        share: which share of the file is asked for, counted from 0.
        shares: how many there are; 0 if files are not to be shared, 1 if they may be.
        spent: milliseconds that are gone of the time limit of the only file.
    """

    job: Job
    first: int
    sizes: Sequence[int]
    singly: bool = False
    share: int = 0
    shares: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Clean files, one behind the other, that hold no other part.

    Attributes:
        first: identifier of the first of them.
        count: how many; it may be 0.
        longer: the file behind them has been begun and takes longer.
    """

    first: int
    count: int
    longer: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one file, checked.

    Attributes:
        identifier: of the file.
        verdict: None if there is none yet.
        instead: what the worker says in place of a verdict.
        explanation: the bytes of the wide answer; empty unless it was asked for.
        unloaded: number of the rules it needs, if so; there may be no such rules.
    """

    identifier: int
    verdict: Verdict | None
    explanation: bytes = b""
    instead: Code | None = None
    unloaded: int | None = None


def encode_request(request: Request) -> bytes:
    """Return the message that asks for a batch of files."""
    sizes = request.sizes
    head = _REQUEST.pack(
        request.job,
        request.singly,
        request.share,
        request.shares,
        len(sizes),
        request.first,
        min(request.spent, _MOST_MILLISECONDS),
    )
    return head + struct.pack(f"<{len(sizes)}Q", *sizes)


def decode_request(message: bytes) -> Request:
    """Read a request. This runs inside the jail."""
    unpacked = _REQUEST.unpack_from(message)
    job, singly, share, shares, count, first, spent = unpacked
    sizes = struct.unpack_from(f"<{count}Q", message, _REQUEST.size)
    return Request(Job(job), first, sizes, bool(singly), share, shares, spent)


def encode_answer(
    identifier: int, code: Code, rules: Sequence[int], verdict: tuple[int, int, int]
) -> bytes:
    """Return the fixed part of an answer.

    Args:
        identifier: of the file.
        code: the outcome.
        rules: numbers of the rules that matched.
        verdict: reasons as a bit mask, depth, parts.
    """
    reasons, depth, parts = verdict
    return _ANSWER.pack(
        identifier,
        rules[0] + 1 if rules else 0,
        reasons,
        code,
        min(depth, _MOST_DEPTH),
        min(parts, _MOST_PARTS),
    )


def encode_unloaded(identifier: int, partition: int) -> bytes:
    """Return the answer for a file that needs rules which are not loaded.

    It is the last answer of its worker: the next one has the rules.
    """
    return _ANSWER.pack(identifier, 0, 0, Code.UNLOADED, 0, partition)


def encode_run(first: int, count: int, *, longer: bool = False) -> bytes:
    """Return the answer for some clean files; see `Run`."""
    return _ANSWER.pack(first, 0, 0, Code.RUN, longer, count)


def decode_answer(message: bytes, job: Job, rule_count: int) -> Answer | Run:
    """Check an answer and return it. The worker is treated as hostile.

    Args:
        message: as received.
        job: what had been asked for.
        rule_count: rules in the name table.

    Raises:
        Hostile: the answer is not one that this job can have.
    """
    size = len(message)
    if size < ANSWER_SIZE or (job is Job.SCAN and size != ANSWER_SIZE):
        raise Hostile("an answer of a wrong length")
    identifier, rule, reasons, code, depth, parts = _ANSWER.unpack_from(message)
    if code == Code.RUN:
        if size > ANSWER_SIZE or rule or reasons or depth > 1:
            raise Hostile("a run that says more than a run can")
        return Run(identifier, parts, longer=bool(depth))
    if rule > rule_count or reasons & _LYING:
        raise Hostile("a rule that does not exist, or a reason no worker can know")
    rules, cut, tail = _rules(message, job, rule, rule_count)
    if code in _INSTEAD and not (rules or reasons or tail or depth):
        return _instead(identifier, Code(code), parts)
    expected = Code.FOUND if rules else Code.UNSCANNED if reasons else Code.CLEAN
    if code != expected:
        raise Hostile("an outcome that contradicts the rest")
    verdict = Verdict(rules, Reason(reasons), parts, depth, cut)
    return Answer(identifier, verdict, tail)


def _instead(identifier: int, code: Code, number: int) -> Answer:
    """An answer without a verdict, with the number of the rules it needs, or 0."""
    if code is not Code.UNLOADED:
        if number:
            raise Hostile("a number where none is said")
        return Answer(identifier, None, instead=code)
    if number >= _MOST_PARTITIONS:
        raise Hostile("rules that do not exist")
    return Answer(identifier, None, instead=code, unloaded=number)


def encode_rules(rules: Sequence[int]) -> bytes:
    """Return the rule numbers of a wide answer: a count, then the numbers, sorted.

    The count is of all of them; only the first `MAX_RULES` numbers follow.
    """
    kept = sorted(rules)[:MAX_RULES]
    return struct.pack(f"<I{len(kept)}I", len(rules), *kept)


def _rules(
    message: bytes, job: Job, rule: int, rule_count: int
) -> tuple[tuple[int, ...], bool, bytes]:
    """The rule numbers, whether there were more, and the bytes behind them."""
    first = (rule - 1,) if rule else ()
    if job is Job.SCAN or len(message) == ANSWER_SIZE:
        return first, False, b""
    if len(message) < ANSWER_SIZE + 4:
        raise Hostile("a wide answer cut short")
    (said,) = struct.unpack_from("<I", message, ANSWER_SIZE)
    count = min(said, MAX_RULES)
    end = ANSWER_SIZE + 4 + 4 * count
    if len(message) < end or (job is Job.EVERY and len(message) != end):
        raise Hostile("a wide answer of a wrong length")
    rules = struct.unpack_from(f"<{count}I", message, ANSWER_SIZE + 4)
    ascending = all(a < b for a, b in pairwise(rules))
    if (
        not ascending
        or (rules and rules[-1] >= rule_count)
        or bool(rules) != bool(rule)
    ):
        raise Hostile("rule numbers that cannot be")
    if said > rule_count or (rule and said == count and rule - 1 not in rules):
        raise Hostile("rule numbers that cannot be")
    return rules, said > count, message[end:]
