"""The two servers that are compared: started with the same rules, measured alike."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import measure
from clamd import CLAMD

from serving.bodies import RULE

READY_SECONDS = 180.0
_PATIENCE = 30.0  # seconds that one answer is waited for
_PAUSE = 0.01

# Debian's own numbers of threads and of waiting requests; a longer queue of connections
# than its 15, so that 64 clients over TCP do not wait for a second after a lost packet.
_SETTINGS = """\
LocalSocket {folder}/clamd.socket
TCPSocket {port}
TCPAddr 127.0.0.1
MaxConnectionQueueLength 200
DatabaseDirectory {rules}
Foreground yes
MaxThreads 12
MaxQueue 100
LogFile {folder}/clamd.log
SelfCheck 0
User root
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        name: of the program.
        process: its number; its workers are below it.
        unix: address of its socket, as `load` takes it.
        tcp: likewise.
        ready: seconds it took until it answered.
        rules: the folder with its rules.
    """

    name: str
    process: int
    unix: str
    tcp: str
    ready: float
    rules: Path

    def memory(self) -> int:
        """Proportional bytes of all its processes."""
        return sum(measure.memory(one)[0] for one in measure.family(self.process))

    def cpu(self) -> float:
        """Seconds of user and system, of all processes there are now."""
        ticks = 0
        for one in measure.family(self.process):
            try:
                line = Path(f"/proc/{one}/stat").read_text()
            except OSError:
                continue
            fields = line.rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def connect(self, *, unix: bool = True) -> socket.socket:
        """A connection of its own."""
        place = (self.unix if unix else self.tcp).partition(":")[2]
        one = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        one.settimeout(_PATIENCE)
        host, _, port = place.rpartition(":")
        start = time.monotonic()
        while True:
            try:
                one.connect(place if unix else (host, int(port)))
            except BlockingIOError:  # a Unix socket whose queue is full
                if time.monotonic() - start > _PATIENCE:
                    raise
                time.sleep(_PAUSE)
            else:
                return one

    def ask(self, command: bytes, *, unix: bool = True) -> bytes:
        """The answer to one command with what belongs to it."""
        with self.connect(unix=unix) as one:
            one.sendall(command)
            answer = b""
            while more := one.recv(4096):
                answer += more
        return answer


def stream(body: bytes) -> bytes:
    """An INSTREAM request in one chunk."""
    size = len(body).to_bytes(4, "big")
    return b"zINSTREAM\0" + size * bool(body) + body + bytes(4)


def test_file() -> bytes:
    """The EICAR test file, put together here."""
    return (
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    )


@contextmanager
def clamd(folder: Path, databases: Path) -> Iterator[Server]:
    """Debian's clamd."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        place = Path(made)
        rules = _rules(place, databases)
        port = _free_port()
        settings = place / "clamd.conf"
        settings.write_text(_SETTINGS.format(folder=place, port=port, rules=rules))
        command = (str(CLAMD), "--config-file", str(settings))
        unix = f"unix:{place}/clamd.socket"
        with _running("clamd", command, unix, port, rules) as server:
            yield server


@contextmanager
def clearward(folder: Path, image: Path, *options: str) -> Iterator[Server]:
    """Our own."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        place = Path(made)
        rules = _rules(place, image)
        port = _free_port()
        unix = f"unix:{place}/clearward.socket"
        sources = [word for one in rules.iterdir() for word in ("--rules", str(one))]
        command = (
            *(sys.executable, "-m", "clearward", "serve", "--clamd", unix),
            *("--clamd", f"tcp:127.0.0.1:{port}", "--no-default-rules"),
            *(*sources, *options),
        )
        os.environ["CLEARWARD_HOME"] = str(place)
        with _running("clearward", command, unix, port, rules) as server:
            yield server


def _rules(place: Path, sources: Path) -> Path:
    """A folder with the rules and the benchmark's own signature."""
    rules = place / "rules"
    rules.mkdir()
    for one in sources.iterdir() if sources.is_dir() else (sources,):
        shutil.copy(one, rules)
    (rules / "bench.ndb").write_text(RULE)
    return rules


@contextmanager
def _running(
    name: str, command: tuple[str, ...], unix: str, port: int, rules: Path
) -> Iterator[Server]:
    start = time.monotonic()
    log = rules.parent / "said"
    with (
        log.open("wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said) as process,
    ):
        try:
            tcp = f"tcp:127.0.0.1:{port}"
            waiting = Server(name, process.pid, unix, tcp, 0.0, rules)
            while not _answers(waiting):
                late = time.monotonic() - start > READY_SECONDS
                if process.poll() is not None or late:
                    raise RuntimeError(
                        f"{name} did not start: {log.read_text()[-500:]}"
                    )
                time.sleep(_PAUSE)
            ready = time.monotonic() - start
            yield Server(name, process.pid, unix, tcp, ready, rules)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(server: Server) -> bool:
    try:
        return server.ask(b"zPING\0", unix=True) == b"PONG\0" and (
            server.ask(b"zPING\0", unix=False) == b"PONG\0"
        )
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
