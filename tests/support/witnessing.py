"""Logs that offer their heads to a witness, and the witness in a process of its own."""

import http.client
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from clearward.updates import base64_text
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.note import Note
from clearward.updates.tree import (
    EMPTY,
    hash_leaf,
    hash_pair,
    prove_consistency,
    split,
)
from support.command import COMMAND
from support.signing import Signer

ORIGIN = "log.example/one"


@dataclass
class Log:
    """A log whose entries are known; a fork shares its key and its first ones."""

    entries: list[bytes] = field(default_factory=list)
    signer: Signer = field(default_factory=lambda: Signer(ORIGIN))

    def fork(self, at: int, word: bytes) -> "Log":
        return Log(
            [*self.entries[:at], *(word + e for e in self.entries[at:])], self.signer
        )

    def subtree(self, start: int, end: int) -> bytes:
        if end - start < 2:
            return hash_leaf(self.entries[start]) if end > start else EMPTY
        middle = start + split(end - start)
        return hash_pair(self.subtree(start, middle), self.subtree(middle, end))

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(self.signer.name, size, self.subtree(0, size))

    def note(self, size: int) -> Note:
        return self.signer.sign(Note(str(self.head(size)), ()))

    def proof(self, old: int, new: int) -> list[bytes]:
        return prove_consistency(old, new, self.subtree) if 0 < old < new else []

    def body(self, old: int, new: int) -> bytes:
        return body(old, self.proof(old, new), self.note(new).to_bytes())


def body(old: int, proof: list[bytes], note: bytes) -> bytes:
    lines = [f"old {old}", *map(base64_text.encode, proof)]
    return "\n".join(lines).encode() + b"\n\n" + note


def numbered(count: int) -> Log:
    return Log([b"entry %d" % number for number in range(count)])


@contextmanager
def witnessed(state: Path, log: Log) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start `clearward witness`; yields the process and its port."""
    options = ("--listen", "tcp:127.0.0.1:0", "--state", str(state))
    process = subprocess.Popen(
        [*COMMAND, "witness", *options, "--log", str(log.signer.public)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline().decode()
        assert line.startswith("ready witness=http://127.0.0.1:"), line
        yield process, int(line.split()[1].rpartition(":")[2])
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def post(port: int, data: bytes) -> tuple[int, str, str]:
    """Ask once; return status, type and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/add-checkpoint", data)
        answer = connection.getresponse()
        return (
            answer.status,
            answer.getheader("content-type", ""),
            answer.read().decode(),
        )
    finally:
        connection.close()
