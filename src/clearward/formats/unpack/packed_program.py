"""Unpack Windows programs that unpack themselves, by running them.

    layer           the program at the moment it goes on in code that it made
    end             what else it wrote, or all of it where no such moment came

A packer is any program that writes another into its own memory and goes on there, so
none is known by name. The program runs on an emulated processor, over memory of its
own, with a few answers of Windows; it can reach nothing else. What a packer of which
nothing comes holds is not said to be missing: that it is packed is a fact about a
program. What is missing because the run took too long, or too much memory, is a gap.

Source: Microsoft, "PE Format"; Intel SDM.
"""

from collections.abc import Iterator

from clearward.core.errors import Malformed
from clearward.core.part import Gap, Item, Part
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.formats.programs import image
from clearward.formats.running import layers, rebuilt
from clearward.formats.running.layers import Layer
from clearward.formats.running.machine import AVAILABLE, Stop
from clearward.formats.running.process import HEAP_END, Process
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
    data = reader.at(0, reader.size)
    try:
        program = image.read(reader)
        process = Process(data, program, NAMES)
    except Malformed:
        return  # Windows does not load it either
    entry = 0
    for layer in layers.run(process, len(data)):
        if layer.stopped is None:
            entry = layer.entry
            yield _part(process, entry)
            continue
        if not entry and rebuilt.differs(process, Process(data, program, NAMES)):
            entry = _entry(process)
            yield _part(process, entry)
        yield from _end(process, layer, entry)


def _part(process: Process, entry: int) -> Part:
    return Part(Reader.of(rebuilt.program(process, entry)), UNPACKED)


def _end(process: Process, layer: Layer, entry: int) -> Iterator[Item]:
    """Yield what the last layer did not show.

    Args:
        process: as it is at the end.
        layer: the end.
        entry: address of the last layer, 0 if there was none.
    """
    if entry and (others := rebuilt.elsewhere(process, entry)):
        yield Part(Reader.of(others), ELSEWHERE)
    if process.machine.full:
        yield Gap(Reason.MEMORY_LIMIT)
    elif layer.stopped is Stop.BUDGET and _is_at_work(process):
        yield Gap(Reason.TIME_LIMIT)


def _is_at_work(process: Process) -> bool:
    changed = process.machine.changed()
    return sum(each < HEAP_END for each in changed) >= LEAST_PAGES


def _entry(process: Process) -> int:
    """Return where a program came to that never ran what it wrote."""
    entered = process.machine.entered - process.image.base
    known = process.image.section_of(entered) >= 0
    return process.image.base + (entered if known else process.image.entry)
