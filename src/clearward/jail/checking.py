"""Check whether an honest worker could give an answer now, as the pool knows it.

`wire.decode_answer` has checked the message by itself.
"""

from dataclasses import dataclass
from itertools import islice

from clearward.core.verdict import Outcome
from clearward.jail import explanation
from clearward.jail.lane import Worker
from clearward.jail.sharing import Share, may_be_shared
from clearward.jail.wire import Answer, Code, Hostile, Run


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a worker may say.

    Attributes:
        rule_count: rules in the name table.
        heavy: a file may need the heavy zygote.
        shares: a file may be shared.
    """

    rule_count: int
    heavy: bool
    shares: bool


def check(worker: Worker, answer: Answer | Run, allowed: Allowed) -> None:
    """Let an answer pass that this worker may give now.

    Raises:
        Hostile: it cannot.
    """
    if isinstance(answer, Run):
        _check_run(worker, answer)
        return
    if not worker.waiting or answer.identifier != worker.first:
        raise Hostile("an answer that nobody waits for")
    if answer.instead is Code.HEAVY and not allowed.heavy:
        raise Hostile("a file that needs what is not there")
    file = worker.waiting[0]
    if isinstance(file, Share):
        _check_share(answer)
    elif answer.instead is Code.WHOLE:
        raise Hostile("a whole file is no share")
    elif answer.instead is Code.SHARES and not (allowed.shares and may_be_shared(file)):
        raise Hostile("a file that is not to be shared")
    if answer.explanation:
        explanation.decode(answer.explanation, allowed.rule_count)


def _check_run(worker: Worker, run: Run) -> None:
    least = run.count + run.longer
    if run.first != worker.first or not 0 < least <= len(worker.waiting):
        raise Hostile("a run of files that nobody waits for")
    if worker.longer:  # or it could put off its time limit for ever
        raise Hostile("a run in place of an answer")
    for file in islice(worker.waiting, run.count):
        if isinstance(file, Share):
            raise Hostile("a run over a share")
        if file.every:  # something has matched in it
            raise Hostile("a run over a file that is asked for again")


def _check_share(answer: Answer) -> None:
    """Of a share only two things are said in a verdict: clean, or found."""
    verdict = answer.verdict
    if answer.instead is Code.SHARES:
        raise Hostile("a share of a share")
    if verdict is not None and verdict.outcome is Outcome.UNSCANNED:
        raise Hostile("a share that says why")
