"""How many heads a witness signs, and how long proofs of a large log take.

    python bench/witnessing.py [--only signing|proofs] [--clients N] [--seconds S]

`signing` starts `clearward witness` and has clients extend a log each, one entry behind
the other, over connections that stay open: every answer is a head that is on the disk.
`proofs` makes a log of a million entries as files, then proofs of random entries from
its tiles, each checked as a client checks it. Prints JSON, a row a figure.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clearward.updates import base64_text, tiles
from clearward.updates.checkpoint import Checkpoint
from clearward.updates.keys import Kind
from clearward.updates.note import Note
from clearward.updates.signers import Signer
from clearward.updates.tiles import Tiles
from clearward.updates.tree import (
    check_consistency,
    check_inclusion,
    hash_leaf,
    prove_consistency,
    prove_inclusion,
)

_COMMAND = (sys.executable, "-m", "clearward", "witness")
_ENTRIES = 1_000_000
_SAMPLES = 200


def bodies(signer: Signer, count: int) -> list[bytes]:
    """Requests that grow a log by an entry each."""
    files: dict[str, bytes] = {}
    roots = {0: Tiles(0, files.__getitem__).root()}
    made = []
    for size in range(1, count + 1):
        files.update(tiles.grow(size - 1, [b"entry %d" % size], files.__getitem__))
        tree = Tiles(size, files.__getitem__)
        roots[size] = tree.root()
        note = Note(str(Checkpoint(signer.public.name, size, roots[size])), ())
        note = note.signed(signer.sign(note, 0))
        proof = prove_consistency(size - 1, size, tree.subtree) if size > 1 else []
        lines = [f"old {size - 1}", *map(base64_text.encode, proof)]
        made.append("\n".join(lines).encode() + b"\n\n" + note.to_bytes())
    return made


def client(
    port: int,
    made: list[bytes],
    seconds: float,
    told: "multiprocessing.SimpleQueue[int]",
) -> None:
    """Ask until the time is over; tell how often."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    end = time.monotonic() + seconds
    count = 0
    for body in made:
        if time.monotonic() > end:
            break
        connection.request("POST", "/add-checkpoint", body)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {said!r}")
        count += 1
    told.put(count)


def signing(clients: int, seconds: float, heads: int) -> dict[str, object]:
    """Measure a witness on the loopback."""
    signers = [Signer.made(f"log.example/{n}", Kind.ED25519) for n in range(clients)]
    made = [bodies(one, heads) for one in signers]
    with tempfile.TemporaryDirectory() as folder:
        state = os.path.join(folder, "state")
        words = ["keygen", "--state", state, "--name", "w.example"]
        subprocess.run([*_COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
        options = ["--listen", "tcp:127.0.0.1:0", "--state", state]
        logs = [word for one in signers for word in ("--log", str(one.public))]
        server = subprocess.Popen([*_COMMAND, *options, *logs], stderr=subprocess.PIPE)
        try:
            assert server.stderr is not None
            port = int(server.stderr.readline().split()[1].rpartition(b":")[2])
            told: multiprocessing.SimpleQueue[int] = multiprocessing.SimpleQueue()
            begun = time.monotonic()
            asking = [
                multiprocessing.Process(target=client, args=(port, one, seconds, told))
                for one in made
            ]
            for process in asking:
                process.start()
            for process in asking:
                process.join()
            took = time.monotonic() - begun
            count = sum(told.get() for _ in asking)
        finally:
            server.terminate()
            server.wait()
    rate = count / took
    return {"clients": clients, "add-checkpoint/s": round(rate), "heads": count}


def proofs(entries: int) -> dict[str, object]:
    """Measure proofs from the tiles of a log in files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def read(name: str) -> bytes:
            return (root / name).read_bytes()

        for name, data in tiles.grow(0, [b"%d" % n for n in range(entries)], read):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        head = Tiles(entries, read).root()
        took: list[float] = []
        for _ in range(_SAMPLES):
            index = random.randrange(entries)
            begun = time.perf_counter()
            hashes = prove_inclusion(index, entries, Tiles(entries, read).subtree)
            leaf = hash_leaf(b"%d" % index)
            check_inclusion(index, entries, leaf, hashes, head)
            took.append(time.perf_counter() - begun)
        older = random.randrange(1, entries)
        begun = time.perf_counter()
        tree = Tiles(entries, read)
        between = prove_consistency(older, entries, tree.subtree)
        before = tree.subtree(0, older)
        check_consistency(older, entries, before, head, between)
        continued = time.perf_counter() - begun
    took.sort()
    return {
        "entries": entries,
        "inclusion, median ms": round(statistics.median(took) * 1e3, 2),
        "inclusion, p99 ms": round(took[int(len(took) * 0.99)] * 1e3, 2),
        "continued, ms": round(continued * 1e3, 2),
    }


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--heads", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    if given.only in ("", "signing"):
        print(json.dumps(signing(given.clients, given.seconds, given.heads)))
    if given.only in ("", "proofs"):
        print(json.dumps(proofs(_ENTRIES)))


if __name__ == "__main__":
    main()
