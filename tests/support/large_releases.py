"""Releases that are large enough to be published in pieces."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from clearward.installing.carrier import Carrier, Files
from support.repositories import Repositories

DIGESTS = 12_000


def add_large(publisher: Repositories, *more: str, count: int = DIGESTS) -> None:
    """Publish a list of digests, of some numbers and of some words."""
    words = [*map(str, range(count)), *more]
    lines = (hashlib.sha256(one.encode()).hexdigest() + "\n" for one in words)
    with TemporaryDirectory() as folder:
        source = Path(folder, "list.sha256")
        source.write_text("".join(lines))
        with publisher.releasing() as releasing:
            releasing.add((str(source),))


@dataclass
class Counting:
    """A carrier that writes down what it is asked for, and how much it gave."""

    carrier: Carrier
    names: list[str] = field(default_factory=list)
    moved: int = 0

    def read(self, name: str, most: int) -> bytes:
        return b"".join(self.stream(name, most))

    def stream(self, name: str, most: int) -> Iterator[bytes]:
        self.names.append(name)
        for piece in self.carrier.stream(name, most):
            self.moved += len(piece)
            yield piece

    def many(self, _most: int) -> AbstractContextManager[Files]:
        return nullcontext(self)
