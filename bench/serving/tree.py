"""What a server and all its processes take: memory, descriptors, nameless files."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import measure
from typing_extensions import override

_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Taken:
    """At one moment.

    Attributes:
        memory: proportional bytes of all processes.
        broker: proportional bytes of the first one, which lives as long as the server.
        descriptors: of all processes.
        processes: how many.
        files: in the server's folder, and files without a name that are open.
    """

    memory: int
    broker: int
    descriptors: int
    processes: int
    files: int


def taken(process: int, folder: Path) -> Taken:
    """What a server takes now.

    Args:
        process: its number; the others are below it.
        folder: where it keeps what it receives.
    """
    family = measure.family(process)
    memory = {one: measure.memory(one)[0] for one in family}
    links = [link for one in family for link in _links(one)]
    named = sum(1 for path in folder.rglob("*") if path.is_file())
    unnamed = sum("(deleted)" in link and "/memfd:" not in link for link in links)
    total, broker = sum(memory.values()), memory[process]
    return Taken(total, broker, len(links), len(family), named + unnamed)


def _links(process: int) -> list[str]:
    """What the descriptors of a process lead to; they go while we look."""
    place = f"/proc/{process}/fd"
    found = []
    try:
        names = os.listdir(place)
    except OSError:
        return []
    for name in names:
        try:
            found.append(os.readlink(f"{place}/{name}"))
        except OSError:
            continue
    return found


class Peak(threading.Thread):
    """Looks at the memory of a server again and again. Use it in a `with` block.

    Attributes:
        bytes: the most that was seen.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._done = threading.Event()
        self.bytes = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self.join()

    @override
    def run(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            family = measure.family(self._process)
            now = sum(measure.memory(one)[0] for one in family)
            self.bytes = max(self.bytes, now)
