"""Plain lists of digests in an image, as `hashes.DigestSet` is one of text."""

from clearward.native import reference
from clearward.native.hashes import HashSet

ALGORITHMS = {16: "md5", 20: "sha1", 32: "sha256"}  # by bytes of a digest


class ListedDigests:
    """A plain list of digests.

    Args:
        matcher: of the image.
        number: of the set in it.
        known: the set.
        first: number of the first rule of the image.
    """

    def __init__(
        self, matcher: reference.Matcher, number: int, known: HashSet, first: int
    ) -> None:
        self.algorithm = ALGORITHMS[known.algorithm]
        self._matcher = matcher
        self._number = number
        self._first = first

    def find(self, digest: bytes) -> int | None:
        """Return the number of the first rule for a digest, or None."""
        found = self._matcher.lookup(self._number, digest, 0)
        return self._first + found[0] if found else None
