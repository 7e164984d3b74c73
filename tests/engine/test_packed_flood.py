"""An archive of programs that never end: all of them share what a file may run."""

import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from support.packers import BASE, program, word

from clearward.core.limits import Limits
from clearward.core.reader import Reader
from clearward.core.reasons import Reason
from clearward.engine.scan import Engine
from clearward.engine.share import Numbered
from clearward.formats import heavy, opened
from clearward.formats.running import account
from clearward.formats.running.machine import AVAILABLE, Machine
from clearward.rules.compile import compile_rules
from clearward.rules.source import Source

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="nothing was compiled")

COUNT = 200
RULE = b'rule a { strings: $a = "a needle in all this" condition: $a }'


@pytest.fixture(scope="module")
def engine() -> Engine:
    heavy.load()
    opened.load()
    rules, _ = compile_rules(
        [Source(0, "a.yar", "yara", "local", RULE)], test_file=True
    )
    return Engine(rules, Limits(), time.monotonic)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Instructions that all machines together did."""
    machines = []

    def machine(file: bytes, wide: bool, pages: int) -> Machine:  # noqa: FBT001
        machines.append(Machine(file, wide, pages))
        return machines[-1]

    monkeypatch.setattr("clearward.formats.running.process.Machine", machine)
    return lambda: sum(each.done for each in machines)


def flood() -> bytes:
    """Programs that write one page after the other, slowly and for ever."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(COUNT):
            wait = b"\xb9" + word(1_000_000) + b"\xe2\xfe"  # mov ecx; loop on itself
            page = b"\x88\x06\x81\xc6" + word(0x1000)  # mov [esi], al; add esi
            code = b"\xbe" + word(BASE + 0x1000) + wait + page
            code += b"\xeb" + bytes([0x100 - len(wait + page) - 2]) + word(number)
            archive.writestr(f"{number}.exe", program(code, b"", size=0x40000))
    return buffer.getvalue()


def test_a_flood_of_programs_without_end_ends_by_one_budget(
    engine: Engine, done: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "MOST", 30_000_000)
    result = engine.scan(Reader.of(flood()), every=True)
    assert result.reasons == Reason.TIME_LIMIT
    assert result.parts > COUNT
    assert done() <= account.MOST


def test_shares_of_a_file_run_no_more_together(
    engine: Engine, done: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "MOST", 30_000_000)
    file = flood()
    for number in range(2):
        assert engine.scan_share(Reader.of(file), Numbered(number, 2)).whole
    assert done() <= account.MOST


def test_the_next_file_has_a_budget_of_its_own(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "MOST", 1_000_000)
    circle = program(b"\xeb\xfe", b"")
    for _ in range(2):
        assert engine.scan(Reader.of(circle)).reasons == Reason.TIME_LIMIT
    monkeypatch.setattr(account, "MOST", 20_000_000)
    assert not engine.scan(Reader.of(circle)).reasons
