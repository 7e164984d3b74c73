"""Make large rule sources, the same on every machine: for benchmarks of size alone.

    python bench/rule_inputs.py FOLDER --signatures 246000 --digests 5000000

FOLDER/generated.ndb has body signatures, FOLDER/generated.hsb digests of files, by
SHA-256 with sizes, and FOLDER/found and FOLDER/listed are files that the last of each
match. Lengths, wildcards and targets are about as in ClamAV's own databases; bytes are
random, so unlike those they share no beginnings.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

SEED = 3
# Targets and how often, per thousand: any, PE, OLE2, HTML, ELF.
TARGETS = ((0, 150), (1, 650), (2, 80), (3, 70), (6, 50))
LISTED = b"a file that the last digest lists\n"
_LINES = 10_000  # written at one time


def signatures(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield lines of an .ndb, each with bytes that it matches."""
    numbers = random.Random(SEED)
    targets = [target for target, often in TARGETS for _ in range(often)]
    for index in range(count):
        text, example = _body(numbers)
        target = 0 if index == count - 1 else numbers.choice(targets)
        yield f"Gen.Body.{index}:{target}:*:{text}\n", example


def digests(count: int) -> Iterator[str]:
    """Yield lines of an .hsb; the last lists `LISTED`."""
    numbers = random.Random(SEED + 1)
    for index in range(count - 1):
        size = numbers.randrange(100, 1 << 22)
        yield f"{numbers.randbytes(32).hex()}:{size}:Gen.Digest.{index}:73\n"
    digest = hashlib.sha256(LISTED).hexdigest()
    yield f"{digest}:{len(LISTED)}:Gen.Digest.{count - 1}:73\n"


def _body(numbers: random.Random) -> tuple[str, bytes]:
    """Return a body in two to four pieces, and bytes that it matches."""
    text, example = "", b""
    for piece in range(numbers.choice((1, 1, 2, 2, 3, 4))):
        if piece:
            kind, filled = numbers.choice((("*", 9), ("??", 1), ("{2-12}", 5)))
            text += kind
            example += bytes(filled)
        data = numbers.randbytes(numbers.randrange(12, 40))
        text += data.hex()
        example += data
    return text, example


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="ascii") as file:
        kept: list[str] = []
        for line in lines:
            kept.append(line)
            if len(kept) == _LINES:
                file.writelines(kept)
                kept.clear()
        file.writelines(kept)


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--signatures", type=int, default=246_000)
    parser.add_argument("--digests", type=int, default=5_000_000)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    last = b""

    def lines() -> Iterator[str]:
        nonlocal last
        for line, example in signatures(chosen.signatures):
            last = example
            yield line

    if chosen.signatures:
        _write(chosen.folder / "generated.ndb", lines())
        (chosen.folder / "found").write_bytes(b"before " + last + b" behind")
    if chosen.digests:
        _write(chosen.folder / "generated.hsb", digests(chosen.digests))
        (chosen.folder / "listed").write_bytes(LISTED)


if __name__ == "__main__":
    main()
