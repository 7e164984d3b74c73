"""Phishing lists (pdb, wdb): links that show one place and lead to another.

A link is judged by a line of text: the host it leads to, a colon, the host it shows and
a slash, all in lower case. A rule is the end of that line, or a regular expression in
it; the slash is set behind each rule, too:

    R  regex of what is shown, or of both           protects
    H  host that is shown, or the end of it         protects
    X  regex of both, Y of the target               allows
    M  both hosts                                   allows

A link whose shown host is protected, and which is not allowed, is a finding:

    SPOOFED   it leads to another domain
    SECURE    it shows https and leads to something else
    CLOAKED   its host holds %00 or %01, behind which some programs stop reading

A row of the list: number of the first of the three rules of `LINKS`, allows (true or
false), is a regular expression (likewise), text.

Sources: docs.clamav.net, "Phishing signatures"; clamscan 1.4.6 for everything else.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from clearward.core.reasons import NONE, Reason
from clearward.native.errors import BadImage
from clearward.rules.clamav.fault import Wrong
from clearward.rules.clamav.posix import LONGEST, compile_posix
from clearward.rules.hosts import Address, Shown, domain
from clearward.rules.listing import Row, read_rows

if TYPE_CHECKING:  # what compiles lists has it loaded
    from clearward.rules.clamav.listed import Link

RULES = 3  # what breaks a list is called; `LINKS` has their names
SPOOFED, SECURE, CLOAKED = range(RULES)
FIELDS = 4
MOST_RULES = 100_000
SECONDS = 2.0  # for all links of one part
END = "/"


@dataclass(frozen=True, slots=True)
class Pair:
    """A link: where it leads, and what it shows; a character for each byte."""

    real: str
    shown: str


class _Side:
    """Rules that all protect, or all allow."""

    def __init__(self) -> None:
        self._ends: set[str] = set()
        self._patterns: list[regex.Pattern[bytes]] = []
        self._longest = 0

    def add(self, text: str, *, pattern: bool) -> None:
        """Take a rule.

        Raises:
            Wrong: it is no regular expression.
        """
        if pattern:
            self._patterns.append(compile_posix(text + END))
        else:
            self._ends.add(text + END)
            self._longest = max(self._longest, len(text) + 1)

    def place(self, line: str, borders: list[int], deadline: float) -> int:
        """Return where in a line a rule fits, or -1; the start for an expression.

        Args:
            line: about the link.
            borders: places in it where a host, or a label of one, may begin.
            deadline: in seconds of `time.monotonic`.

        Raises:
            TimeoutError: it has passed.
        """
        near = len(line) - self._longest
        for place in borders:
            if place >= near and line[place:] in self._ends:
                return place
        data = line.encode("latin-1", "replace")
        fits = any(
            each.search(data, timeout=_left(deadline)) for each in self._patterns
        )
        return 0 if fits else -1


class Links:
    """Rules about links.

    Args:
        data: the section, maybe empty.
        rules: every rule number is below this.

    Raises:
        BadImage: the section is not sound.
    """

    def __init__(self, data: bytes | memoryview, rules: int) -> None:
        self._protects = _Side()
        self._allows = _Side()
        self._rule = 0
        self._count = 0
        for row in read_rows(data, FIELDS):
            self._take(row, rules)

    def __len__(self) -> int:
        return self._count

    def judge(self, pairs: list[Pair]) -> tuple[list[int], Reason]:
        """Return the numbers of the rules that links match, and why some do not."""
        deadline = time.monotonic() + SECONDS
        found: dict[int, None] = {}
        try:
            for pair in pairs:
                verdict = self.verdict(pair, deadline)
                if verdict is not None:
                    found[self._rule + verdict] = None
        except TimeoutError:
            return list(found), Reason.TIME_LIMIT
        return list(found), NONE

    def verdict(self, pair: Pair, deadline: float) -> int | None:
        """Say what a link is: SPOOFED, SECURE, CLOAKED; None if nothing is wrong.

        Raises:
            TimeoutError: the deadline has passed.
        """
        address, shown = Address.of(pair.real), Shown.of(pair.shown)
        if address is None or shown is None:
            return None
        line = f"{address.host}:{shown.host}{END}"
        behind = len(address.host) + 1
        borders = [behind + place for place in shown.borders]
        place = self._protects.place(line, borders, deadline)
        if place < 0:
            return None
        begins = [0, *_dots(address.host)]
        if self._allows.place(line, begins, deadline) >= 0:
            return None
        if address.cloaked:
            return CLOAKED
        if shown.secure and not address.secure:
            return SECURE
        word = max(at for at in shown.words if at <= max(place - behind, 0))
        same = domain(address.host) == domain(shown.host[word:])
        return None if same else SPOOFED

    def _take(self, row: Row, rules: int) -> None:
        first = row.number(0, rules - RULES)
        if self._count and first != self._rule:
            raise BadImage("links have more than one set of rules")
        self._rule = first
        self._count += 1
        if self._count > MOST_RULES:
            raise BadImage("a list of links that is too long")
        side = self._allows if row.flag(1) else self._protects
        try:
            side.add(row.text(3, LONGEST), pattern=row.flag(2))
        except Wrong as error:
            raise BadImage(f"a regular expression: {error}") from error


def text_of(link: "Link") -> str:
    """Return what a line of a list is searched for as."""
    both = (link.real, link.shown)
    return ":".join(one for one in both if one)


def row_of(rule: int, link: "Link") -> list[object]:
    """Return a line of a list as a row."""
    return [rule, link.allows, link.regex, text_of(link)]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _dots(host: str) -> list[int]:
    return [place + 1 for place, letter in enumerate(host) if letter == "."]
