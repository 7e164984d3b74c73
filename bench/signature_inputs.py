"""Make ClamAV signatures of the usual shapes: the same lines every time.

    python bench/signature_inputs.py COUNT FOLDER

Writes made.ndb and made.ldb below FOLDER, two lines in five of the first kind. What is
in them looks like code and text of programs, as what people write signatures of does:
instructions with masked addresses, strings in either case or in two-byte letters, gaps,
alternatives, places near the entry point, and thresholds over many sub-signatures.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path

SEED = 20261123
TARGETS = (1, 1, 1, 1, 1, 1, 0, 0, 6, 7)
OPENINGS = ("558bec", "6a00", "8b45", "e8????????", "c745", "68{4}", "4883ec", "ff15")
WORDS = (
    "http Mozilla Software Microsoft Windows CurrentVersion Run cmd.exe password"
    " CreateFile RegSetValue GetProcAddress LoadLibrary config update server key"
).split()


class Maker:
    """Makes signatures, one after the other.

    Args:
        seed: other seeds make others.
    """

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)

    def extended(self, number: int) -> str:
        """Return a line of .ndb."""
        choose = self._random
        target = choose.choice(TARGETS)
        place = choose.choice(("*", "*", "*", "*", "EP+0", "0", "EOF-512,64"))
        if target in {0, 7} and place.startswith("EP"):
            place = "*"
        return f"Made.Extended-{number}:{target}:{place}:{self._body()}"

    def logical(self, number: int) -> str:
        """Return a line of .ldb."""
        choose = self._random
        count = choose.choice((1, 2, 2, 3, 3, 4, 5, 8))
        names = [str(sub) for sub in range(count)]
        way = choose.random()
        if way < 0.7 or count < 3:
            expression = "&".join(names)
        elif way < 0.9:
            expression = f"{names[0]}&({'|'.join(names[1:])})"
        else:
            expression = f"({'|'.join(names)})>{count - 2},{count - 1}"
        head = f"Made.Logical-{number};Engine:51-255,Target:{choose.choice(TARGETS)}"
        subs = ";".join(self._sub() for _ in names)
        return f"{head};{expression};{subs}"

    def _sub(self) -> str:
        return self._text() if self._random.random() < 0.4 else self._body()

    def _text(self) -> str:
        choose = self._random
        words = [*choose.sample(WORDS, 2), self._noise(choose.randint(3, 12)).hex()]
        text = choose.choice(("\\", " ", "_", "/")).join(words).encode()
        return text.hex() + choose.choice(("", "", "::i", "::w", "::wi"))

    def _body(self) -> str:
        choose = self._random
        parts = [self._piece() for _ in range(choose.choice((1, 1, 1, 2, 3)))]
        gap = choose.choice(("*", "{10-50}", "{-100}", "{4}", "??"))
        return gap.join(parts)

    def _piece(self) -> str:
        choose = self._random
        parts = [choose.choice(OPENINGS)]
        for _ in range(choose.randint(1, 5)):
            parts.append(self._noise(choose.randint(4, 20)).hex())
            more = choose.choice(("", "", "????", "00000000", "(0f84|0f85)", "8?"))
            parts.append(more)
        parts.append(self._noise(4).hex())
        return "".join(parts)

    def _noise(self, length: int) -> bytes:
        return self._random.randbytes(length)


def lines(count: int) -> Iterator[tuple[str, str]]:
    """Yield so many lines, each behind its kind."""
    maker = Maker()
    for number in range(count):
        if number % 5 < 2:
            yield "ndb", maker.extended(number)
        else:
            yield "ldb", maker.logical(number)


def main() -> None:
    """Write as many signatures as the command line says."""
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "made.ndb").open("w") as extended,
        (folder / "made.ldb").open("w") as logical,
    ):
        files = {"ndb": extended, "ldb": logical}
        for kind, line in lines(count):
            files[kind].write(line + "\n")


if __name__ == "__main__":
    main()
