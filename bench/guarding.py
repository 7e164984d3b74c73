"""What guard costs whoever opens a file, and a build of a program in C.

    python bench/guarding.py [--only opens|builds] [--files N] [--sources N] [--runs N]

Run it alone, as root. The guard watches a mount namespace made for it. Opens are timed
by the opener, around open(2) alone, in that namespace and outside of it; builds run in
it and outside of it in turn, and their medians are compared, so that a busy machine
slows both. Prints JSON, a row a figure.

An idle processor of a virtual machine takes some 50 us to wake up, twice for each
question, whoever answers. So opens are timed on all processors and, with everything on
one, where nobody has to be woken up, and beside `answerer.c`, which says yes to all.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_SIZE = 4096
_ROUNDS = 20
_OUTSIDE: tuple[str, ...] = ()
_TIMED = """
import json, os, sys, time
took = []
for path in sys.stdin.read().split("\\0"):
    begun = time.perf_counter()
    opened = os.open(path, os.O_RDONLY)
    took.append(time.perf_counter() - begun)
    os.close(opened)
print(json.dumps(sorted(took)))
"""
_SOURCE = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common.h"
{functions}
int entry_{number}(int value) {{ return step_{number}_0(value); }}
"""
_FUNCTION = """\
int step_{number}_{step}(int value) {{
    char text[64];
    snprintf(text, sizeof text, "%d", value * {factor});
    for (size_t at = 0; at < strlen(text); at++) value += text[at] ^ {factor};
    return value;
}}
"""


def main() -> None:
    """Make a mount namespace, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("opens", "builds"))
    parser.add_argument("--files", type=int, default=1000, help="files to open")
    parser.add_argument("--sources", type=int, default=200, help="files to compile")
    parser.add_argument("--runs", type=int, default=5, help="builds of each kind")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(["unshare", "-m", "sleep", "infinity"]) as holder,
    ):
        time.sleep(0.5)
        folder = Path(name)
        os.environ["CLEARWARD_HOME"] = str(folder / "home")
        inside = ("nsenter", "-m", "-t", str(holder.pid))
        try:
            if chosen.only != "builds":
                opens(inside, folder, chosen.files)
            if chosen.only != "opens":
                builds(inside, folder, chosen.sources, chosen.runs)
        finally:
            holder.kill()


@contextmanager
def guard(inside: Sequence[str], *words: str) -> Iterator[None]:
    """Run a guard in a mount namespace."""
    command = [*inside, sys.executable, "-m", "clearward", "guard", "--json", *words]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert line.startswith(b"ready"), line
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def opens(inside: Sequence[str], folder: Path, count: int) -> None:
    """The first open of small files, and further ones, which are remembered."""
    files = folder / "files"
    files.mkdir()
    chance = random.Random(20261123)
    paths = [str(files / f"{number}") for number in range(count)]
    for path in paths:
        Path(path).write_bytes(chance.randbytes(_SIZE))
    time.sleep(1)  # or they are brand-new, and not remembered
    say("open without a guard", timed(_OUTSIDE, paths * _ROUNDS))
    everywhere = os.sched_getaffinity(0)
    for processors, where in ((everywhere, ""), ({min(everywhere)}, ", one processor")):
        os.sched_setaffinity(0, processors)
        with answerer(folder, files):
            always = timed(_OUTSIDE, paths * _ROUNDS)
            say(f"open, answered by a few lines of C{where}", always)
        with guard(inside, "--open", "--no-first-look", str(files)):
            timed(inside, paths[:100])  # the jail has warmed up by now
            first = timed(inside, paths[100:])
            say(f"first open of a 4 KiB file{where}", first, goal="p99 < 1000 us")
            again = timed(inside, paths * _ROUNDS)
            say(f"open, remembered{where}", again, goal="p99 < 200 us")
    os.sched_setaffinity(0, everywhere)


@contextmanager
def answerer(folder: Path, files: Path) -> Iterator[None]:
    """Run the program that says yes to every open."""
    made = folder / "answerer"
    source = Path(__file__).with_name("answerer.c")
    subprocess.run(["gcc", "-O2", "-Wall", "-o", str(made), str(source)], check=True)
    command = [str(made), str(files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            process.kill()


def timed(before: Sequence[str], paths: list[str]) -> list[float]:
    """Seconds that each open takes, sorted."""
    done = subprocess.run(
        [*before, sys.executable, "-c", _TIMED],
        input="\0".join(paths),
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def say(what: str, took: list[float], goal: str = "") -> None:
    """Print a row of a distribution, in microseconds."""
    figures = {
        "median us": round(took[len(took) // 2] * 1e6, 1),
        "p99 us": round(took[len(took) * 99 // 100] * 1e6, 1),
        "worst us": round(took[-1] * 1e6, 1),
    }
    row = {"what": what, "opens": len(took), **figures, "goal": goal}
    print(json.dumps(row), flush=True)


def builds(inside: Sequence[str], folder: Path, count: int, runs: int) -> None:
    """A build in the namespace that is watched, and outside of it, in turn."""
    if shutil.which("gcc") is None or shutil.which("make") is None:
        print(json.dumps({"what": "build", "left out": "no gcc or no make"}))
        return
    project = folder / "project"
    generate(project, count)
    for words in (
        (str(project),),
        ("--no-first-look", "/"),
        ("--open", "/usr/include"),
    ):
        with guard(inside, *words):
            build(inside, project)  # programs are remembered now
            pairs = [
                (build(_OUTSIDE, project), build(inside, project)) for _ in range(runs)
            ]
        without, within = (statistics.median(each) for each in zip(*pairs, strict=True))
        row = {
            "what": f"build, guard {' '.join(words)}".replace(str(project), "PROJECT"),
            "files": count,
            "wall s": round(within, 3),
            "without s": round(without, 3),
            "ratio": round(within / without, 3),
            "ratios": [round(second / first, 3) for first, second in pairs],
            "goal": "at most 1.05 with the defaults",
        }
        print(json.dumps(row), flush=True)


def generate(project: Path, count: int) -> None:
    """Write sources, a header and a makefile."""
    project.mkdir()
    (project / "common.h").write_text(
        "".join(f"int entry_{number}(int);\n" for number in range(count))
    )
    for number in range(count):
        functions = "".join(
            _FUNCTION.format(number=number, step=step, factor=step * 7 + number)
            for step in range(20)
        )
        text = _SOURCE.format(number=number, functions=functions)
        (project / f"file{number}.c").write_text(text)
    calls = " + ".join(f"entry_{number}(1)" for number in range(count))
    main_text = f'#include "common.h"\nint main(void) {{ return ({calls}) & 1; }}\n'
    (project / "main.c").write_text(main_text)
    (project / "Makefile").write_text(
        "OBJECTS := $(patsubst %.c,%.o,$(wildcard *.c))\n"
        "program: $(OBJECTS)\n\tgcc -o $@ $^\n"
        "%.o: %.c common.h\n\tgcc -O2 -c -o $@ $<\n"
        "clean:\n\trm -f program *.o\n"
    )


def build(before: Sequence[str], project: Path) -> float:
    """Build from the sources; return the wall seconds."""
    subprocess.run(["make", "-s", "clean"], cwd=project, check=True)
    jobs = f"-j{len(os.sched_getaffinity(0))}"
    command = [*before, "make", "-s", jobs, "-C", str(project)]
    begun = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
