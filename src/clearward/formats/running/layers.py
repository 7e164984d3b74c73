"""Run a program until it is unpacked, and say what its memory was like then.

A program is unpacked when it goes on in code that was written while it ran, and that
lies elsewhere. There may be several layers, each of which is unpacked by the one
before, so the run goes on behind each for a while. It ends at a call that unpacking
code does not make, at an instruction that is not known, or when it takes too long or
comes to nothing new. All programs of a file take from one account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearward.formats.running.account import Account
from clearward.formats.running.handlers import Handlers
from clearward.formats.running.machine import Register, Stop
from clearward.formats.running.process import HANDLED, Process
from clearward.formats.running.windows import answer

MOST_LAYERS = 8
PER_CALL = 2_000  # instructions that a call of Windows counts as
FEWEST = 20_000_000
PER_BYTE = 240  # further instructions for each byte of the file
MOST = 200_000_000
BEHIND = 20_000_000  # behind the last layer
PATIENCE = 5_000_000  # without a new page that is written to
PER_PAGE = 100_000  # more patience for each page: what was unpacked is gone over again


@dataclass(frozen=True, slots=True)
class Layer:
    """A moment of the run.

    Attributes:
        entry: where the program goes on.
        stopped: why the run ended here; None if it went on.
    """

    entry: int
    stopped: Stop | None = None


def run(process: Process, size: int, account: Account) -> Iterator[Layer]:
    """Yield each layer while memory is as it was then, and the end last.

    Args:
        process: a program that has not run yet.
        size: bytes of its file.
        account: what is left for this program and others.
    """
    machine = process.machine
    left = min(FEWEST + PER_BYTE * size, MOST)
    layers = pages = 0
    first = len(machine.changed())  # before it runs
    handlers = Handlers(process)
    while left > 0 and not account.empty:
        before = machine.done
        patience = PATIENCE + PER_PAGE * max(pages - first, 0)
        stop = Stop(machine.run(min(left, account.left, patience)))
        left -= machine.done - before
        account.left -= machine.done - before
        if stop is Stop.BUDGET:
            known, pages = pages, len(machine.changed())
            if known == pages:
                break
            continue
        if stop is Stop.WRITTEN:
            layers += 1
            yield Layer(machine.get(Register.IP))
            machine.settle()
            machine.watch(layers < MOST_LAYERS)
            left = min(left, BEHIND)
        elif _goes_on(process, handlers, stop):
            left -= PER_CALL + process.cost
            account.left -= PER_CALL + process.cost
            process.cost = 0
        else:
            yield Layer(machine.get(Register.IP), stop)
            return
    yield Layer(machine.get(Register.IP), Stop.BUDGET)


def _goes_on(process: Process, handlers: Handlers, stop: Stop) -> bool:
    """Answer what a run stopped for, if anything does."""
    if stop is not Stop.TRAP:
        return not process.image.wide and handlers.raise_for(stop)
    if process.machine.get(Register.IP) == process.trap(HANDLED):
        return handlers.answered()
    return answer(process)
