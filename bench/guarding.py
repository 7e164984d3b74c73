"""What guard costs whoever opens a file, and a build of a program in C.

    python bench/guarding.py [--files N] [--runs N]

Run it alone, as root. It makes a mount namespace of its own (unshare), so that nothing
else is watched, and prints JSON, a row a figure. Opens are timed by the opener, around
open(2) alone; each row has the same opens without a guard beside them. Builds alternate
with and without, and the medians are compared.
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

_INSIDE = "CLEARWARD_BENCH_INSIDE"
_SIZE = 4096
_ROUNDS = 20
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
    """Go into a mount namespace, measure, print."""
    if _INSIDE not in os.environ:
        command = ["unshare", "-m", sys.executable, *sys.argv]
        os.execvpe(command[0], command, {**os.environ, _INSIDE: "1"})  # noqa: S606
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000, help="files to open")
    parser.add_argument("--sources", type=int, default=200, help="files to compile")
    parser.add_argument("--runs", type=int, default=5, help="builds of each kind")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        os.environ["CLEARWARD_HOME"] = str(folder / "home")
        try:
            opens(folder, chosen.files)
            builds(folder, chosen.sources, chosen.runs)
        finally:
            os.chdir("/")
            subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def guard(*words: str) -> Iterator[None]:
    """Run a guard."""
    command = [sys.executable, "-m", "clearward", "guard", "--json", *words]
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


def opens(folder: Path, count: int) -> None:
    """The first open of small files, and further ones, which are remembered."""
    files = folder / "files"
    files.mkdir()
    chance = random.Random(20261123)
    paths = []
    for number in range(count):
        path = files / f"{number}"
        path.write_bytes(chance.randbytes(_SIZE))
        paths.append(path)
    time.sleep(1)  # or they are brand-new, and not remembered
    say("open without a guard", timed(paths * _ROUNDS))
    with guard("--open", "--no-first-look", str(files)):
        timed(paths[:100])  # the jail has warmed up by now
        say("first open of a 4 KiB file", timed(paths[100:]), goal="p99 < 1000 us")
        say("open, remembered", timed(paths * _ROUNDS), goal="p99 < 200 us")


def timed(paths: Sequence[Path]) -> list[float]:
    """Seconds that each open takes."""
    took = []
    for path in paths:
        begun = time.perf_counter()
        opened = os.open(path, os.O_RDONLY)
        took.append(time.perf_counter() - begun)
        os.close(opened)
    return sorted(took)


def say(what: str, took: list[float], goal: str = "") -> None:
    """Print a row of a distribution, in microseconds."""
    figures = {
        "median us": round(took[len(took) // 2] * 1e6, 1),
        "p99 us": round(took[len(took) * 99 // 100] * 1e6, 1),
        "worst us": round(took[-1] * 1e6, 1),
    }
    row = {"what": what, "opens": len(took), **figures, "goal": goal}
    print(json.dumps(row), flush=True)


def builds(folder: Path, count: int, runs: int) -> None:
    """A build with and without guards that watch the whole machine, in turn."""
    if shutil.which("gcc") is None or shutil.which("make") is None:
        print(json.dumps({"what": "build", "left out": "no gcc or no make"}))
        return
    project = folder / "project"
    generate(project, count)
    build(project)  # everything is in the page cache now
    kinds: dict[str, tuple[str, ...] | None] = {
        "build without a guard": None,
        "build, guard PROJECT": (str(project),),
        "build, guard /": ("--no-first-look", "/"),
        "build, guard --open /": ("--open", "--no-first-look", "/"),
    }
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, words in kinds.items():
            if words is None:
                took[kind].append(build(project))
                continue
            with guard(*words):
                if "/" in words:
                    build(project)  # the programs are remembered now
                took[kind].append(build(project))
    without = statistics.median(took["build without a guard"])
    for kind, seconds in took.items():
        median = statistics.median(seconds)
        row = {
            "what": kind,
            "files": count,
            "wall s": round(median, 3),
            "all s": [round(each, 3) for each in seconds],
            "ratio": round(median / without, 3),
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


def build(project: Path) -> float:
    """Build from the sources; return the wall seconds."""
    subprocess.run(["make", "-s", "clean"], cwd=project, check=True)
    begun = time.monotonic()
    jobs = f"-j{len(os.sched_getaffinity(0))}"
    subprocess.run(["make", "-s", jobs], cwd=project, check=True)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
