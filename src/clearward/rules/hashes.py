"""Digest lists: one hexadecimal digest a line, then optionally a name.

    e3b0c442...b855  Empty.File     # a comment

Blank lines and lines that start with ``#`` say nothing. A digest without a name is
called after its first 16 digits.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from clearward.core.names import Problem, RuleName
from clearward.rules.source import Source

SIZES = {"md5": 16, "sha1": 20, "sha256": 32}
_UNNAMED = 16  # digits
_OUTSIDE_NAMES = re.compile(r"[^!-~]+")
_LONGEST_NAME = 128


class DigestSet:
    """The digests of one algorithm, each with its rule number.

    Kept as one sorted buffer, so that workers share it with the zygote untouched.

    Args:
        algorithm: a key of `SIZES`.
        entries: digest and rule number; the first number of a digest wins.
    """

    def __init__(self, algorithm: str, entries: Iterable[tuple[bytes, int]]) -> None:
        self.algorithm = algorithm
        self._size = SIZES[algorithm]
        first: dict[bytes, int] = {}
        for digest, number in entries:
            first.setdefault(digest, number)
        ordered = sorted(first)
        self._digests = b"".join(ordered)
        self._numbers = [first[digest] for digest in ordered]

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, digest: bytes) -> int | None:
        """Return the number of the rule for a digest, or None."""
        size = self._size
        digests = self._digests
        place = bisect_left(
            range(len(self._numbers)),
            digest,
            key=lambda row: digests[row * size : (row + 1) * size],
        )
        if digests[place * size : (place + 1) * size] == digest:
            return self._numbers[place]
        return None


def read(source: Source) -> Iterator[tuple[bytes, RuleName] | Problem]:
    """Yield what each line says: a digest and its name, or a problem."""
    digits = 2 * SIZES[source.kind]
    text = source.text.decode("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#", 1)[0].split(None, 1)
        if not words:
            continue
        try:
            digest = bytes.fromhex(words[0])
        except ValueError:
            digest = b""
        if len(words[0]) != digits or not digest:
            message = f"not a {source.kind} digest of {digits} hexadecimal digits"
            yield Problem(source.number, number, 1, message, fatal=False)
            continue
        name = _name(
            words[1].strip() if len(words) > 1 else words[0].lower()[:_UNNAMED]
        )
        yield digest, RuleName(name, source.origin, source.number, "digest")


def _name(text: str) -> str:
    """A name of the allowed characters: what is outside becomes an underscore."""
    return _OUTSIDE_NAMES.sub("_", text)[:_LONGEST_NAME]
