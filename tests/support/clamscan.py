"""Ask clamscan what it finds, if it is there."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Ask = Callable[[Sequence[str], Sequence[bytes], str], list[set[str]]]

# In front of an input: bytes that no text has, so that clamscan takes no view of it.
BINARY = bytes(range(9)) * 60 + b"\x8f\x9d\x81\x07"


def installed() -> bool:
    return shutil.which("clamscan") is not None


def ask(
    folder: Path, lines: Sequence[str], inputs: Sequence[bytes], kind: str
) -> list[set[str]]:
    """Return the names of a database that clamscan finds, for each input.

    Args:
        folder: an empty one.
        lines: of the database.
        inputs: what is scanned.
        kind: of the database, such as ``"ldb"``.
    """
    database = folder / f"asked.{kind}"
    database.write_text("\n".join([*lines, ""]))
    inside = folder / "inputs"
    inside.mkdir()
    for number, data in enumerate(inputs):
        (inside / f"{number:05}").write_bytes(data)
    said = subprocess.run(
        [
            *("clamscan", "--no-summary", "--allmatch", "--disable-cache"),
            *("--database", database, "--recursive", inside),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode in {0, 1}, said.stderr
    found: list[set[str]] = [set() for _ in inputs]
    for line in said.stdout.splitlines():
        if line.endswith(" FOUND"):
            path, _, name = line.removesuffix(" FOUND").rpartition(": ")
            found[int(Path(path).name)].add(name.removesuffix(".UNOFFICIAL"))
    return found
