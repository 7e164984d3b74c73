"""Measure how fast ClamAV's signatures are matched, beside other builds.

    python bench/matching.py RULES... [--beside SOURCE]... [--runs N] [--kind KIND]

Of each kind of file on this machine the same files are taken every time, up to 64 MB.
What is measured, in MB per second of one core (user and system):

    own, any    the prefilters alone, for the file's own target and for any
    match       both targets, facts of programs known, no digest
    scan        the engine with these rules, all that it does but for opening the file

`--beside` names the `src` folder of another build, which takes turns with this one in
processes of their own: on a machine that others use, only figures of one run compare.
Images are compiled once a build and kept below CLEARWARD_BENCH (default: the folder for
temporary files), by a digest of the sources that make them.
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve()
KEPT = Path(os.environ.get("CLEARWARD_BENCH", tempfile.gettempdir())) / "images"
FOLDERS = {
    "PE": ("/usr/lib/x86_64-linux-gnu/wine", "/usr/lib"),
    "ELF": ("/usr/lib", "/usr/bin"),
    "text": ("/usr/share",),
}
TYPES = {"PE": "CL_TYPE_MSEXE", "ELF": "CL_TYPE_ELF", "text": "CL_TYPE_TEXT_ASCII"}
TARGETS = {"PE": 1, "ELF": 6, "text": 7}
MOST = 64_000_000  # bytes of a kind
LARGEST = 8_000_000  # bytes of a file
SEED = 20261123
WHAT = ("own", "any", "match", "scan")


def kind_of(head: bytes) -> str:
    """Say what a file is that begins so; nothing for what is not measured."""
    if head.startswith(b"MZ"):
        return "PE"
    if head.startswith(b"\x7fELF"):
        return "ELF"
    return "text" if head and head.isascii() and b"\0" not in head else ""


def files(kind: str) -> list[str]:
    """Return files of a kind, the same every time."""
    found = [
        os.path.join(place, name)
        for folder in FOLDERS[kind]
        for place, _, names in sorted(os.walk(folder))
        for name in sorted(names)
    ]
    random.Random(SEED).shuffle(found := sorted(set(found)))
    taken: list[str] = []
    size = 0
    for path in found:
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        length = os.path.getsize(path)
        if not 0 < length <= LARGEST:
            continue
        with open(path, "rb") as file:
            if kind_of(file.read(512)) != kind:
                continue
        taken.append(path)
        size += length
        if size >= MOST:
            break
    return taken


def image_of(rules: Sequence[Path], source: Path) -> bytes:
    """Return the image that a build makes of rules; made once."""
    from clearward.native.layout import VERSION  # noqa: PLC0415 - of the build asked
    from clearward.rules.clamav.load import Databases  # noqa: PLC0415
    from clearward.rules.image.build import build  # noqa: PLC0415
    from clearward.rules.source import Source  # noqa: PLC0415

    made_of = [*sorted((source / "clearward/rules").rglob("*.[pt][yx]*")), *rules]
    name = hashlib.sha256(b"".join(path.read_bytes() for path in made_of))
    name.update(bytes([VERSION]))
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / name.hexdigest()
    if not kept.exists():
        sources = [
            Source(number, path.name, path.suffix[1:], "local", path.read_bytes())
            for number, path in enumerate(rules)
        ]
        read = Databases(sources, unwanted=False)
        kept.write_bytes(bytes(build(read.signatures, read.digests())))
    return kept.read_bytes()


class Build:
    """What one build does with a kind of files, in this process."""

    def __init__(self, image: bytes) -> None:
        from clearward.core.limits import Limits  # noqa: PLC0415 - of the build asked
        from clearward.engine.scan import Engine  # noqa: PLC0415
        from clearward.engine.signatures import Looker  # noqa: PLC0415
        from clearward.native.chosen import BACKEND, Matcher, load  # noqa: PLC0415
        from clearward.rules.ruleset import RuleSet  # noqa: PLC0415
        from clearward.rules.signatures import Signatures  # noqa: PLC0415

        if BACKEND != "compiled":
            raise RuntimeError("the extension of this build is missing")
        self._matcher = Matcher(load(image))
        self._signatures = signatures = Signatures(image, 0)
        self._engine = Engine(
            RuleSet(None, (), None, signatures),
            Limits(),
            time.monotonic,
            lambda notes: Looker(signatures, notes),
        )

    def measure(self, kind: str, paths: Sequence[str]) -> Iterator[dict[str, float]]:
        """Yield rates, once for each time that they are asked for."""
        from clearward.core.reader import Reader  # noqa: PLC0415 - of the build asked
        from clearward.formats.programs.facts import facts  # noqa: PLC0415

        held = [Path(path).read_bytes() for path in paths]
        known = [facts(TYPES[kind], Reader.of(data)) for data in held]
        own = TARGETS[kind]
        size = sum(map(len, held)) / 1e6

        def match() -> None:
            for data, about in zip(held, known, strict=True):
                self._signatures.match(data, 0, about)
                self._signatures.match(data, own, about)

        def scan() -> None:
            for data in held:
                self._engine.scan(Reader.of(data))

        ways: dict[str, Callable[[], None]] = {
            "own": lambda: self._candidates(held, own),
            "any": lambda: self._candidates(held, 0),
            "match": match,
            "scan": scan,
        }
        while True:
            yield {name: size / seconds(ways[name]) for name in WHAT}

    def _candidates(self, held: Sequence[bytes], target: int) -> None:
        for data in held:
            self._matcher.candidates(data, target)


def seconds(work: Callable[[], None]) -> float:
    """Return what some work takes, user and system."""
    start = time.process_time()
    work()
    return time.process_time() - start


def serve(rules: Sequence[Path]) -> None:
    """Answer one line of rates to each line that names a kind."""
    import clearward  # noqa: PLC0415 - of the build asked

    build = Build(image_of(rules, Path(clearward.__file__).parents[1]))
    print(json.dumps("ready"), flush=True)
    running: dict[str, Iterator[dict[str, float]]] = {}
    for line in sys.stdin:
        kind = line.strip()
        if kind not in running:
            running.clear()  # and with them the files
            running[kind] = build.measure(kind, files(kind))
        print(json.dumps(next(running[kind])), flush=True)


class Server:
    """A build in a process of its own.

    Args:
        source: its `src` folder.
        rules: what to match.
    """

    def __init__(self, source: Path, rules: Sequence[Path]) -> None:
        self.source = source
        self._process = subprocess.Popen(
            [sys.executable, HERE, "--serve", *rules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(source)},
        )
        self._answer()

    def rates(self, kind: str) -> dict[str, float]:
        """Return one round of rates."""
        assert self._process.stdin is not None
        print(kind, file=self._process.stdin, flush=True)
        return dict(self._answer())

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.source}: the build failed")
        answer: dict[str, float] = json.loads(line)
        return answer


def main() -> None:
    """Print a table: for each kind and build the median rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rules", nargs="+", type=Path)
    parser.add_argument("--beside", action="append", type=Path, default=[])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kind", action="append", choices=sorted(FOLDERS))
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.rules)
        return
    sources = [HERE.parents[1] / "src", *asked.beside]
    servers = [Server(source.resolve(), asked.rules) for source in sources]
    print(f"{'kind':6}{''.join(f'{name:>8}' for name in WHAT)}  build")
    for kind in asked.kind or FOLDERS:
        rounds = [[server.rates(kind) for server in servers] for _ in range(asked.runs)]
        for number, server in enumerate(servers):
            middle = [
                statistics.median(one[number][name] for one in rounds) for name in WHAT
            ]
            row = "".join(f"{rate:8.1f}" for rate in middle)
            print(f"{kind:6}{row}  {server.source}", flush=True)


if __name__ == "__main__":
    main()
