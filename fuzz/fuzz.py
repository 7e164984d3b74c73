"""Run the fuzz targets.

    python fuzz/fuzz.py [NAME...] [--seconds S] [--seeds FOLDER]

With atheris installed a target is guided by coverage; without it inputs are mutations
of the seeds, fresh at every run. Seeds are the files below FOLDER that a format
recognises; for the other targets a few lines of this file's own. A fault is printed
with the input in hexadecimal, and the status is 1.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from targets import TARGETS, Target

from clearward.core.reader import Reader
from clearward.formats import heavy, opened
from clearward.formats.closed import CLOSED
from clearward.formats.identify import HEAD
from clearward.formats.unpack import FORMATS as LIGHT

FORMATS = (*LIGHT, *CLOSED)
MOST_SEED = 64 * 1024
MOST_SEEDS = 200
MAGICS = [magic for format in FORMATS for magic in format.magics]
PAGE = b"<html><a href='data:;base64,QQ' b=c>&lt;<!--x--><script language=x>var a;"
PATTERN = b"([a:b[*] = h'ff' OR a:c_ref.b NOT IN ('x', 1.5)] REPEATS 2 TIMES) WITHIN 3"
SCRIPT = b'eval(\'f("a"+unescape("%41"))\');function f(a){/[/]/.b}</script>'


def seeds(name: str, folder: Path | None) -> list[bytes]:
    """Inputs to begin from."""
    known = (*FORMATS, *CLOSED)
    format = next((one for one in known if one.name == name), None)
    found = (
        [b"", *MAGICS, PAGE + SCRIPT, PATTERN]
        if format is None
        else list(format.magics) or [b""]
    )
    for place, _, files in os.walk(folder or "/nonexistent"):
        for file in sorted(files):
            path = Path(place) / file
            if len(found) >= MOST_SEEDS or path.stat().st_size > MOST_SEED:
                continue
            data = path.read_bytes()
            if format is None or format.recognises(data[:HEAD], Reader.of(data)):
                found.append(data)
    return found


def mutations(seeds: list[bytes], source: random.Random) -> Iterator[bytes]:
    """Seeds with bytes changed, cut out, doubled and spliced; without an end."""
    while True:
        data = bytearray(source.choice(seeds))
        for _ in range(source.randint(1, 8)):
            at = source.randint(0, len(data))
            end = min(len(data), at + source.randint(0, 32))
            kind = source.randrange(5)
            if kind == 0:
                data[at:end] = source.randbytes(end - at)
            elif kind == 1:
                del data[at:end]
            elif kind == 2:
                data[at:at] = data[at:end] * source.randint(1, 4)
            elif kind == 3:
                data[at:end] = source.choice((b"\0", b"\xff")) * (end - at)
            else:
                other = source.choice(seeds)
                data[at:at] = other[source.randint(0, len(other)) :][:64]
        yield bytes(data[: 4 * MOST_SEED])


def mutate(name: str, target: Target, seconds: float, seeds: list[bytes]) -> int:
    """Run a target on mutations; return how many inputs it read."""
    source = random.Random()
    end = time.monotonic() + seconds
    count = 0
    for data in mutations(seeds, source):
        try:
            target(data)
        except Exception:
            sys.stdout.write(f"{name}: fault for {data.hex()}\n")
            raise
        count += 1
        if time.monotonic() > end:
            break
    return count


def guided(name: str, seconds: float, seeds: list[bytes]) -> int:
    """Run a target under atheris in a process of its own; return its status."""
    code = (
        "import atheris, sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "with atheris.instrument_imports(include=['clearward', 'targets']):\n"
        "    import targets\n"
        "    from clearward.formats import heavy, opened\n"
        "    opened.load()\n"  # else they are imported where nobody sees them
        "heavy.load()\n"
        "target = targets.TARGETS[sys.argv.pop(1)]\n"
        "atheris.Setup(sys.argv, target)\n"
        "atheris.Fuzz()\n"
    )
    limits = (f"-max_total_time={int(seconds)}", "-rss_limit_mb=2048", "-timeout=20")
    here = str(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / f"{number}").write_bytes(seed)
        command = (sys.executable, "-c", code, here, name, *limits, corpus)
        return subprocess.run(command, check=False).returncode


def main() -> None:
    """Run the chosen targets one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", type=Path)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    with_atheris = find_spec("atheris") is not None
    if not with_atheris:
        heavy.load()  # seeds may be encrypted
        opened.load()
    worst = 0
    for name in arguments.names or TARGETS:
        begin = seeds(name, arguments.seeds)
        if with_atheris:
            worst = max(worst, guided(name, arguments.seconds, begin))
            continue
        count = mutate(name, TARGETS[name], arguments.seconds, begin)
        sys.stdout.write(f"{name}: {count} inputs, {len(begin)} seeds, no fault\n")
        sys.stdout.flush()
    sys.exit(1 if worst else 0)


if __name__ == "__main__":
    main()
