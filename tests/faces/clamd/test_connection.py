"""One client: leaving, waiting, passing descriptors, sessions; whatever it sends."""

import asyncio
import os
import socket
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.clamd_client import (
    FOUND,
    Answers,
    FakeDesk,
    Half,
    Passed,
    Running,
    Step,
    connected,
    serving,
    stream,
    talk,
)
from support.descriptors import descriptors
from support.marks import EICAR
from support.serving import play, until

from clearward.faces.clamd.settings import ClamdSettings

SESSION = b"zIDSESSION\0"


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_goes_away_is_worked_for_no_more(
    tmp_path: Path, *, tcp: bool, reset: bool
) -> None:
    async def scene() -> None:
        desk = FakeDesk(held=True)
        async with serving(desk, tmp_path) as one:
            for sent in (stream(b"x"), SESSION + stream(b"x"), b"zSCAN /etc/passwd\0"):
                desk.cancelled = desk.submitted = 0
                client = connected(one.tcp if tcp else one.unix)
                client.sendall(sent)
                await until(lambda: desk.submitted == 1)
                if reset and tcp:
                    linger = struct.pack("ii", 1, 0)
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                client.close()
                # 0.1 s where there is a processor for it.
                assert await until(lambda: desk.cancelled == 1) < 1

    play(scene)


@pytest.mark.parametrize("tcp", [False, True])
def test_a_client_that_only_stops_sending_gets_its_answers(
    tmp_path: Path, *, tcp: bool
) -> None:
    async def scene() -> None:
        desk = FakeDesk(held=True)
        async with serving(desk, tmp_path) as one:
            sent = SESSION + stream(EICAR) + b"nPING\n" + stream(b"x")
            talking = asyncio.create_task(one.talk(sent, Half(), tcp=tcp))
            await until(lambda: desk.submitted == 2)
            await asyncio.sleep(0.1)  # it was looked at several times meanwhile
            desk.release()
            said = (await talking).replace(b"\n", b"\0").split(b"\0")
            assert sorted(said) == [
                b"",
                b"1: stream: " + FOUND,
                b"2: PONG",
                b"3: stream: OK",
            ]
            assert not desk.cancelled

    play(scene)


def test_a_client_that_stops_sending_and_then_goes_is_noticed(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = FakeDesk(held=True)
        async with serving(desk, tmp_path) as one:
            for address in (one.unix, one.tcp):
                desk.cancelled = desk.submitted = 0
                client = connected(address)
                client.sendall(stream(b"x"))
                client.shutdown(socket.SHUT_WR)
                await until(lambda: desk.submitted == 1)
                await asyncio.sleep(0.1)
                assert not desk.cancelled
                client.close()
                assert await until(lambda: desk.cancelled == 1) < 1

    play(scene)


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        pytest.param(os.O_RDONLY, FOUND, id="to read"),
        pytest.param(os.O_RDWR, FOUND, id="to read and write"),
        pytest.param(os.O_WRONLY, FOUND, id="to write alone"),
        pytest.param(os.O_PATH, FOUND, id="for its path alone"),
    ],
)
def test_a_passed_file_is_read_however_it_was_opened(
    tmp_path: Path, flags: int, text: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(EICAR)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            for before in (b"zFILDES\0", b"nFILDES\n", b"FILDES\n"):
                passed = Passed([os.open(path, flags)])
                said = await one.talk(before, passed)
                assert said[:3] == b"fd["
                assert said.partition(b"]: ")[2][:-1] == text

    play(scene)


def test_what_is_passed_and_is_no_file_is_told_so(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    odd = [
        *(reading, writing, os.open("/", os.O_RDONLY), os.open("/", os.O_PATH)),
        *(os.open("/dev/zero", os.O_RDONLY), socket.socket().detach()),
    ]

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            for descriptor in odd:
                said = await one.talk(b"zFILDES\0", Passed([descriptor]))
                assert said.endswith(b"]: Not a regular file ERROR\0")

    play(scene)


def test_files_in_memory_are_looked_at(tmp_path: Path) -> None:
    memory = os.memfd_create("x")
    os.write(memory, EICAR)

    async def scene() -> None:
        async with serving(FakeDesk(), tmp_path) as one:
            said = await one.talk(Passed([memory], b"zFILDES\0X"))
            assert said.endswith(b"]: " + FOUND + b"\0")

    play(scene)


def test_descriptors_that_are_not_asked_for_are_closed(tmp_path: Path) -> None:
    def one_more() -> int:
        return os.open("/etc/passwd", os.O_RDONLY)

    async def scene() -> None:
        desk = FakeDesk()
        async with serving(desk, tmp_path) as one:
            before = descriptors()
            said = await one.talk(Passed([one_more()], b"zPING\0"))
            assert said == b"PONG\0"
            two = Passed([one_more(), one_more()])
            refused = b"No file descriptor received. ERROR\0"
            assert await one.talk(b"zFILDES\0", two) == refused
            many = Passed([one_more() for _ in range(50)], b"zFILDES\0X")
            assert await one.talk(many) == refused
            unasked = b"PROTOCOL ERROR: ancillary data sent without FILDES. ERROR\0"
            assert await one.talk(Passed([one_more()], b"zFIL")) == unasked
            assert (await one.talk(Passed([one_more()], b"zFILDES\0"))) == (
                unasked + b"Error processing command. ERROR\0"
            )
            numbered = SESSION + b"nPING\n"
            said = await one.talk(
                numbered, Answers(8), Passed([one_more()], b"nPING\n")
            )
            assert said.startswith(b"1: PONG\n2: PONG\n3: PROTOCOL ERROR")
            await until(lambda: descriptors() <= before)
            assert not desk.submitted

    play(scene)


def test_a_session_may_send_all_before_it_reads(tmp_path: Path) -> None:
    """However much that is: nothing more is read while too much is owed."""
    count = 500

    async def scene() -> None:
        desk = FakeDesk(most=4)
        async with serving(desk, tmp_path) as one:
            sent = SESSION + stream(EICAR) * count + b"zEND\0"
            said = (await one.talk(sent, Half())).split(b"\0")[:-1]
            numbers = sorted(int(line.partition(b":")[0]) for line in said)
            assert numbers == list(range(1, count + 1))
            assert all(line.endswith(FOUND) for line in said)

    play(scene)


def test_nobody_is_refused_while_the_desk_is_busy(tmp_path: Path) -> None:
    async def scene() -> None:
        desk = FakeDesk(held=True, most=2)
        async with serving(desk, tmp_path) as one:
            talks = [asyncio.create_task(one.talk(stream(EICAR))) for _ in range(5)]
            await until(lambda: len(desk.slips) == 2)
            desk.held = False
            desk.release()
            said = await asyncio.gather(*talks)
            assert said == [b"stream: " + FOUND + b"\0"] * 5

    play(scene)


FILE = "/etc/passwd"
STEPS: st.SearchStrategy[list[object]] = st.lists(
    st.sampled_from(
        [
            *(SESSION, b"zPING\0", b"nFILDES\n", b"zFILDES\0X", stream(b"x"), b"PING"),
            *(b"zINSTREAM\0", b"\0\0\0\2xy", bytes(4), b"\xff\xff\xff\xff", b"zEND\0"),
            *(b"z", b"nSCAN /etc/passwd\n", b"nSTATS\n", b"zSCAN /nowhere\0", "pass"),
            *("pass two", "half"),
        ]
    )
    | st.binary(min_size=1, max_size=30),
    max_size=8,
)


def made(step: object) -> Step:
    if step == "half":
        return Half()
    if isinstance(step, str):
        count = 2 if step == "pass two" else 1
        return Passed([os.open(FILE, os.O_RDONLY) for _ in range(count)])
    assert isinstance(step, bytes)
    return step


def send_all(one: Running, steps: list[object], *, tcp: bool) -> bytes:
    """Send what can be sent; over TCP descriptors cannot."""
    wanted = [step for step in steps if not (tcp and str(step).startswith("pass"))]
    if "half" in wanted:
        del wanted[wanted.index("half") + 1 :]
    ended = [] if "half" in wanted else [Half()]
    try:
        return talk(one.tcp if tcp else one.unix, *map(made, wanted), *ended)
    except OSError:  # it went on after its one command was answered
        return b""


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, min_size=1, max_size=4), st.sampled_from([False, True]))
def test_any_conversation_ends_with_an_answer_or_a_close(
    tmp_path: Path,
    talks: list[list[object]],
    tcp: bool,  # noqa: FBT001 - hypothesis
) -> None:
    async def scene() -> None:
        desk = FakeDesk()
        async with serving(desk, tmp_path, ClamdSettings(stream_size=10)) as one:
            before = descriptors()
            every = [asyncio.to_thread(send_all, one, each, tcp=tcp) for each in talks]
            for said in await asyncio.gather(*every):
                assert not said or said[-1:] in b"\0\n"
            assert await one.talk(b"zPING\0") == b"PONG\0"
            await until(lambda: descriptors() <= before)
            assert '"level":"error"' not in one.log.text

    trouble: list[object] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, what: trouble.append(what))
        await scene()

    play(watched)
    assert not trouble
