"""Behaviour of the zygote seen from outside."""

import os
import signal
import sys
from pathlib import Path

import pytest
from support.alarm import no_longer_than
from support.jail import ended, jail, session, watch

from clearward.core.errors import Unavailable
from clearward.core.limits import Limits
from clearward.core.names import Table
from clearward.jail import control, launch
from clearward.jail.control import Given, Settings
from clearward.jail.spawn import Zygote

pytestmark = pytest.mark.usefixtures("nothing_stays_open", "nothing_hangs")

TABLE = b"T" + Table((), (), ()).to_json()
GIVEN = control.encode("G", Given(0, False, False, False, {}))  # noqa: FBT003


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"x"], id="another kind"),
        pytest.param([GIVEN], id="no table"),
        pytest.param([b"T{}", GIVEN], id="a table that is none"),
        pytest.param([b"T" + b"[" * 60_000, GIVEN], id="brackets without end"),
        pytest.param([TABLE], id="a table and the end"),
        pytest.param([TABLE, b"T", GIVEN], id="a table that does not grow"),
        pytest.param([TABLE, b"G{}"], id="nothing given up"),
        pytest.param([TABLE, b"G[]"], id="something else given up"),
        pytest.param([TABLE, b"G\xff"], id="no text given up"),
        pytest.param([b"Xout of\nmemory"], id="it cannot go on"),
    ],
)
def test_a_zygote_that_says_something_else_is_unavailable(
    said: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_start", speaker(said))
    zygote = Zygote(Settings())
    try:
        with pytest.raises(Unavailable):
            zygote.load()
    finally:
        zygote.close()


def test_a_zygote_that_says_the_right_thing_is_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the cases above fail for what they say and nothing else."""
    monkeypatch.setattr(launch, "_start", speaker([TABLE, GIVEN]))
    zygote = Zygote(Settings())
    table, given = zygote.load()
    zygote.close()
    assert (table.rules, given.seccomp) == ((), False)


def test_a_table_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "MOST_TABLE", 1000)
    monkeypatch.setattr(launch, "_start", speaker([b"T" + b" " * 600] * 2 + [GIVEN]))
    zygote = Zygote(Settings())
    try:
        with pytest.raises(Unavailable, match="compile them into an image"):
            zygote.load()
    finally:
        zygote.close()


def speaker(said: list[bytes]) -> object:
    """Starts a process that says some things on its channel and ends."""

    def start(channel: int, _arguments: str) -> int:
        code = f"import os\nos.read(3, 100000)\nfor m in {said!r}: os.write(3, m)"
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", code],
            {},
            file_actions=[(os.POSIX_SPAWN_DUP2, channel, 3)],
        )

    return start


def test_a_worker_may_use_the_processor_for_as_long_as_it_can_need() -> None:
    zygote = Zygote(Settings(limits=Limits(seconds=50)))
    zygote.load()
    worker = zygote.fork()
    limits = Path(f"/proc/{worker.process}/limits").read_text("ascii")
    worker.channel.close()
    zygote.close()
    (line,) = (line for line in limits.splitlines() if line.startswith("Max cpu"))
    soft, hard = map(int, line.split()[3:5])
    assert control.OLDEST + 50 < soft < control.OLDEST + 50 + 120
    assert hard == soft + 1


def test_a_killed_zygote_is_unavailable_for_everything() -> None:
    zygote = Zygote(Settings())
    zygote.load()
    worker = zygote.fork()
    watched = [watch(worker.process), watch(zygote.process)]
    os.kill(zygote.process, signal.SIGKILL)
    assert ended(watched)  # its workers die with it
    with pytest.raises(Unavailable):
        zygote.fork()
    with pytest.raises(Unavailable):
        zygote.reap(worker.process)
    with pytest.raises(Unavailable):
        zygote.load()
    worker.channel.close()
    zygote.close()


def test_a_scan_whose_zygote_was_killed_is_unavailable(tmp_path: Path) -> None:
    """Nothing is called clean that nobody looked at."""
    path = tmp_path / "file"
    path.write_bytes(b"content")
    processes = []

    def scan() -> None:
        with jail() as running:
            processes.append(running.zygote.process)
            watched = [watch(running.pool.first_process()), watch(processes[0])]
            os.kill(processes[0], signal.SIGKILL)
            assert ended(watched)
            running.scan(path)

    with pytest.raises(Unavailable):
        scan()
    assert session(processes[0]) == set()


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    with jail(jobs=2) as running:
        running.scan(path)
        zygote = running.zygote.process
        before = session(zygote)
        assert zygote in before
        assert running.pool.first_process() in before
        watched = [watch(process) for process in before]
    assert ended(watched)
    assert session(zygote) == set()


def test_nothing_is_left_behind_if_workers_were_never_removed() -> None:
    zygote = Zygote(Settings())
    zygote.load()
    workers = [zygote.fork() for _ in range(3)]
    watched = [watch(worker.process) for worker in workers]
    zygote.close()
    assert ended(watched)
    for worker in workers:
        worker.channel.close()


def test_a_zygote_that_does_not_answer_can_still_be_closed() -> None:
    """It may be compiling rules, which nobody waits for after Ctrl-C."""
    zygote = Zygote(Settings())
    zygote.load()
    os.kill(zygote.process, signal.SIGSTOP)
    try:
        with no_longer_than(5):
            zygote.close()
    except TimeoutError:
        os.kill(zygote.process, signal.SIGKILL)
        os.waitpid(zygote.process, 0)
        raise


def test_a_worker_that_was_killed_is_reaped_with_its_status() -> None:
    with jail() as running:
        worker = running.zygote.fork()
        os.kill(worker.process, signal.SIGKILL)
        assert running.zygote.reap(worker.process) == signal.SIGKILL
        worker.channel.close()


def test_a_worker_ends_by_itself_when_its_channel_is_closed() -> None:
    with jail() as running:
        worker = running.zygote.fork()
        worker.channel.close()
        assert running.zygote.reap(worker.process) == 0
