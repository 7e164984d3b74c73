"""Unpack Windows programs that unpack themselves, by running them.

    layer           the program at the moment it goes on in code that it made
    end             what else it wrote, or all of it where no such moment came

A packer is any program that writes another into its own memory and goes on there, so
none is known by name. The program runs on an emulated processor, over memory of its
own, with a few answers of Windows; it can reach nothing else. What a packer of which
nothing comes holds is not said to be missing: that it is packed is a fact about a
program. What is missing because the run took too much memory, or too long while the
program was filling its memory, is a gap, if no layer came; and so is a program for
which the other programs of its file left nothing. A program of UPX that takes too long
is unpacked as its note says, but the note may lie, so the gap stays.

Source: Microsoft, "PE Format"; Intel SDM.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.programs import image
from clearward.formats.running import layers, rebuilt, stored
from clearward.formats.running.account import PER_PROGRAM, Account, account
from clearward.formats.running.layers import Layer
from clearward.formats.running.machine import AVAILABLE, Stop
from clearward.formats.running.process import Process
from clearward.formats.running.windows import NAMES

NAME = "packed"
UNPACKED = b"unpacked"
ELSEWHERE = b"memory"
LEAST_PAGES = 16  # that a program writes which is unpacking, when it ends too early


def unpack(reader: Reader) -> Iterator[Item]:
    """Yield the program at each layer, and what else it wrote.

    Nothing is yielded of a program that cannot be run here.
    """
    if not AVAILABLE:
        return
    left = account()
    left.left -= PER_PROGRAM
    if left.empty:
        yield Gap(Reason.TIME_LIMIT)
        return
    data = reader.at(0, reader.size)
    try:
        program = image.read(reader)
        process = Process(data, program, NAMES)
    except Malformed:
        return  # Windows does not load it either
    yield from _ran(process, left)


def _ran(process: Process, left: Account) -> Iterator[Item]:
    data, program = process.file, process.image
    run = _Run(process, left)
    for layer in layers.run(process, len(data), left):
        if layer.stopped is None:
            yield run.at(layer.entry)
            continue
        if not run.came_out:
            yield from run.last(Process(data, program, NAMES))
        for item in run.end(layer):
            if isinstance(item, Gap):
                yield from _as_stored(Process(data, program, NAMES), left)
            yield item


def _as_stored(process: Process, left: Account) -> Iterator[Part]:
    """Yield the program if it says how it was packed."""
    whole = stored.program(process)
    if whole is not None:
        left.give(len(whole))
        yield Part(Reader.of(whole), UNPACKED)


class _Run:
    """What was shown of a run so far.

    Attributes:
        came_out: the program goes on in front of the section that it started in.
    """

    def __init__(self, process: Process, account: Account) -> None:
        self._process = process
        self._account = account
        self._entry = 0
        self._layers = 0
        self.came_out = False

    def at(self, entry: int) -> Part:
        """Return the program as it goes on at an address."""
        process = self._process
        self._entry = entry
        self._layers += 1
        self.came_out = rebuilt.is_in_front(process.image, entry)
        return self._part(process, entry)

    def last(self, before: Process) -> Iterator[Part]:
        """Yield a program that was not seen to come out, if it was unpacked.

        Args:
            before: the program, not yet run.
        """
        process, image = self._process, self._process.image
        entered = process.machine.entered - image.base
        known = image.section_of(entered) >= 0
        entry = image.base + (entered if known else image.entry)
        front = image.sections[: max(image.section_of(image.entry), 0)]
        if rebuilt.differs(process, before, front):
            self.came_out = True
        elif self._entry or not rebuilt.differs(process, before, image.sections):
            return
        self._entry = entry
        yield self._part(process, entry)

    def _part(self, process: Process, entry: int) -> Part:
        whole = rebuilt.program(process, entry, without_stub=self.came_out)
        self._account.give(len(whole))
        return Part(Reader.of(whole), UNPACKED)

    def end(self, layer: Layer) -> Iterator[Item]:
        """Yield what was written elsewhere, and what the run did not come to."""
        process = self._process
        others = rebuilt.elsewhere(process, self._entry, without_stub=self.came_out)
        if others:
            self._account.give(len(others))
            yield Part(Reader.of(others), ELSEWHERE)
        if self._layers:
            return
        if process.machine.full:
            yield Gap(Reason.MEMORY_LIMIT)
        elif layer.stopped is Stop.BUDGET and (
            self._account.empty or _is_at_work(process)
        ):
            yield Gap(Reason.TIME_LIMIT)


def _is_at_work(process: Process) -> bool:
    changed = process.machine.changed()
    return sum(map(process.is_own, changed)) >= LEAST_PAGES
