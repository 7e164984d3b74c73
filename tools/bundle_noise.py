"""Run the starter bundle over folders of ordinary files and print what it hits.

    python tools/bundle_noise.py FOLDER...

Every hit on ordinary software is a fault of the rule until proven otherwise. Files are
matched raw, up to the size the engine matches whole; members of gzip, ZIP and tar
files are matched as well, and members of those, to a depth of three. The last line
counts what was looked at. The exit status is 1 if anything was hit.
"""

import gzip
import io
import os
import sys
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yara_x

BUNDLE = Path(__file__).parent.parent / "src/clearward/rules/bundle"
LARGEST = 64 * 1024 * 1024  # bytes of a file or member that are matched
DEEPEST = 3
DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    tarfile.TarError,
    zipfile.BadZipFile,
)


def compiled() -> yara_x.Scanner:
    """Return a scanner for the bundle."""
    compiler = yara_x.Compiler()
    for path in sorted(BUNDLE.glob("*.yar")):
        compiler.new_namespace(path.stem)
        compiler.add_source(path.read_text(encoding="utf-8"))
    return yara_x.Scanner(compiler.build())


def files(folders: Iterable[str]) -> Iterator[str]:
    """Yield the regular files below folders, links not followed."""
    for folder in folders:
        if os.path.isfile(folder):
            yield folder
        for place, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(place, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    yield path


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of what a gzip, ZIP or tar file holds."""
    stream = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        with gzip.open(stream) as plain:
            yield "gzip", plain.read(LARGEST)
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(stream) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and not entry.flag_bits & 1:
                    with archive.open(entry) as plain:
                        yield entry.filename, plain.read(LARGEST)
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=stream) as tape:
            for header in tape:
                plain_member = tape.extractfile(header) if header.isreg() else None
                if plain_member is not None:
                    yield header.name, plain_member.read(LARGEST)


def parts(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield a file and what is inside it; damage ends one container."""
    yield name, data
    if depth < DEEPEST:
        try:
            for member, content in members(data):
                yield from parts(f"{name}!{member}", content, depth + 1)
        except DAMAGE:
            return


def main(folders: list[str]) -> int:
    """Print hits and counts; return the exit status."""
    scanner = compiled()
    hits: Counter[str] = Counter()
    count = size = looked = 0
    for path in files(folders):
        try:
            if os.path.getsize(path) > LARGEST:
                continue
            data = Path(path).read_bytes()
        except OSError:
            continue
        count += 1
        for name, content in parts(path, data):
            looked += 1
            size += len(content)
            for rule in scanner.scan(content).matching_rules:
                hits[rule.identifier] += 1
                print(f"{rule.identifier} {name!a}")
    for rule_name, number in hits.most_common():
        print(f"{number:6} {rule_name}")
    print(f"{count} files, {looked} parts, {size} bytes, {hits.total()} hits")
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
