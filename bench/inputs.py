"""Make what the benchmarks scan: the same bytes every time, nothing stored here."""

import gzip
import io
import os
import random
import shutil
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path

SEED = 20261123
SMALL_FILES = 10_000
SMALL_SIZE = 4096
TREE_FILES = 50_000
LARGE_FILES = 6
LARGE_SIZE = 32 << 20
PROGRAM_BYTES = 120 << 20  # of each kind
PAGE_BYTES = 40 << 20
MOST = 8 << 20  # of one file
SPARSE_SIZE = 8 << 30
MARKER = b"a marker at the very end of a file of gigabytes"

_WORDS = (
    "the of and to in is you that it he was for on are as with his they at be this "
    "have from or one had by word but not what all were we when your can said there "
    "function return value string import class print while error file path config"
).split()


def text(random_source: random.Random, size: int) -> bytes:
    """Words in lines, `size` bytes."""
    words: list[str] = []
    length = 0
    while length < size:
        word = random_source.choice(_WORDS)
        words.append(word + ("\n" if random_source.random() < 0.1 else " "))
        length += len(words[-1])
    return "".join(words).encode()[:size]


def once(make: Callable[[Path], None]) -> Callable[[Path], Path]:
    """Make inputs in a folder of the function's name, unless that folder is there.

    What is decorated fills an empty folder; what comes of it takes the folder around
    that one, and returns where the inputs are.
    """

    @wraps(make)
    def made(folder: Path) -> Path:
        place = folder / make.__name__
        if not place.exists():
            place.mkdir(parents=True)
            make(place)
        return place

    return made


@once
def small(made: Path) -> None:
    """10,000 files of 4 KB, half of them text and half noise, in 100 folders."""
    source = random.Random(SEED)
    for number in range(SMALL_FILES):
        place = made / f"{number % 100:02}"
        place.mkdir(parents=True, exist_ok=True)
        noise = source.randbytes(SMALL_SIZE)
        data = noise if number % 2 else text(source, SMALL_SIZE)
        (place / f"{number:05}").write_bytes(data)


@once
def tree(made: Path) -> None:
    """50,000 files of 1 to 16 KB in 2,500 folders, as a tree of sources may be."""
    source = random.Random(SEED)
    block = text(source, 1 << 20)
    for number in range(TREE_FILES):
        place = made / f"{number // 500:03}" / f"{number // 20:04}"
        if number % 20 == 0:
            place.mkdir(parents=True)
        start, size = source.randrange(1 << 19), source.randrange(1 << 10, 1 << 14)
        (place / f"{number:05}.txt").write_bytes(block[start : start + size])


@once
def large(made: Path) -> None:
    """A few files of 32 MB, half of them text and half noise."""
    source = random.Random(SEED)
    block = text(source, 1 << 20)
    for number in range(LARGE_FILES):
        noise = source.randbytes(LARGE_SIZE)
        data = noise if number % 2 else block * (LARGE_SIZE >> 20)
        (made / f"{number}").write_bytes(data)


@once
def containers(made: Path) -> None:
    """Zip, tar.gz and tar.xz files that hold the same text files, and gzip alone."""
    source = random.Random(SEED)
    for number in range(20):
        members = [text(source, 20_000) for _ in range(50)]
        with zipfile.ZipFile(
            made / f"{number}.zip", "w", zipfile.ZIP_DEFLATED
        ) as archive:
            for index, data in enumerate(members):
                archive.writestr(f"{index}.txt", data)
        for mode in ("gz", "xz"):
            with tarfile.open(made / f"{number}.tar.{mode}", f"w:{mode}") as tar:  # type: ignore[call-overload]
                for index, data in enumerate(members):
                    member = tarfile.TarInfo(f"{index}.txt")
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))
        (made / f"{number}.gz").write_bytes(gzip.compress(members[0]))


@once
def programs(made: Path) -> None:
    """ELF files of this machine, from 4 KB to 8 MB, 120 MB in all."""
    places = ("/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib")
    found = (path for place in places for path in sorted(Path(place).glob("*")))
    _take(made, found, b"\x7fELF", PROGRAM_BYTES)


@once
def windows(made: Path) -> None:
    """PE files of this machine, from the package libwine if it is installed."""
    found = sorted(Path("/usr/lib").glob("*/wine/*-windows/*"))
    random.Random(SEED).shuffle(found)
    _take(made, found, b"MZ", PROGRAM_BYTES)


@once
def library(made: Path) -> None:
    """The source text of Python's own library."""
    library = Path(sysconfig.get_path("stdlib"))
    others = shutil.ignore_patterns("site-packages", "dist-packages", "__pycache__")
    shutil.copytree(library, made, ignore=others, dirs_exist_ok=True)
    for path in made.rglob("*"):
        if path.is_file() and path.suffix != ".py":
            path.unlink()


@once
def pages(made: Path) -> None:
    """Web pages of this machine's documentation."""
    found = sorted(Path("/usr/share").rglob("*.html"))
    _take(made, found, b"<", PAGE_BYTES)


@once
def sparse(made: Path) -> None:
    """A file of 8 GB that takes no room, with a marker at its end."""
    with (made / "sparse").open("wb") as file:
        file.truncate(SPARSE_SIZE)
        file.seek(SPARSE_SIZE - len(MARKER))
        file.write(MARKER)


def _take(made: Path, paths: Iterable[Path], start: bytes, most: int) -> None:
    """Copy files that begin with some bytes, until there is enough."""
    size = 0
    for number, path in enumerate(paths):
        if size >= most:
            return
        if path.is_symlink() or not path.is_file():
            continue
        length = path.stat().st_size
        if not SMALL_SIZE <= length <= MOST:
            continue
        with path.open("rb") as file:
            if file.read(len(start)) != start:
                continue
        shutil.copyfile(path, made / f"{number}-{path.name}")
        size += length


@once
def bomb(made: Path) -> None:
    """A gzip of 3 GB of zeros, 3 MB large."""
    zeros = bytes(1 << 20)
    with gzip.open(made / "zeros.gz", "wb", compresslevel=9) as file:
        for _ in range(3072):
            file.write(zeros)


def clear(folder: Path) -> None:
    """Remove everything that was made."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
