"""The first look judges everything once and keeps nothing open."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from support.marks import EICAR

from clearward.core.verdict import Outcome
from clearward.faces.guard.first_look import FirstLook
from clearward.faces.guard.judging import Judgement, Judging, Result
from clearward.faces.guard.seen import Access, Seen, Trouble, What
from clearward.jail.broker import Entry, OpenFile
from clearward.jail.tree import Choice


class Desk:
    """Finds EICAR, a moment later."""

    def __init__(self) -> None:
        self.most = self.now = 0

    def submit(
        self, entry: Entry, _tenant: str, done: Callable[[Judgement], None], /
    ) -> None:
        assert isinstance(entry, OpenFile)
        self.now += 1
        self.most = max(self.most, self.now)
        head = os.pread(entry.descriptor, len(EICAR), 0)

        def end() -> None:
            self.now -= 1
            entry.close()
            done(Result(Outcome.FOUND if head == EICAR else Outcome.CLEAN))

        asyncio.get_running_loop().call_later(0.001, end)


def look(folder: Path, desk: Desk) -> tuple[list[Seen], list[bytes]]:
    told: list[Seen] = []
    found: list[bytes] = []

    def tell(said: Seen | Trouble) -> None:
        assert isinstance(said, Seen)
        told.append(said)

    def note(file: int, _where: Access, _result: Result) -> None:
        found.append(os.pread(file, 100, 0))

    async def run() -> None:
        choice = Choice(("left-out",), one_file_system=True)
        first = FirstLook(Judging(desk), choice, lambda: None, tell, note)
        await first.look([bytes(folder)])

    asyncio.run(run())
    return told, found


def test_all_that_lies_there_is_judged_a_few_at_a_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(60):
            (tmp_path / name / f"{number}").write_bytes(b"%d" % number)
    (tmp_path / "b/found").write_bytes(EICAR)
    (tmp_path / "b/left-out").write_bytes(EICAR)
    os.mkfifo(tmp_path / "fifo")
    before = os.listdir("/proc/self/fd")
    desk = Desk()
    told, found = look(tmp_path, desk)
    assert [each.access.path for each in told] == [bytes(tmp_path / "b/found")]
    assert told[0].access.what is What.FIRST
    assert found == [EICAR]
    assert desk.now == 0
    assert 1 < desk.most <= 8
    assert os.listdir("/proc/self/fd") == before
