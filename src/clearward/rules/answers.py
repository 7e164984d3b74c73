"""Answers for what the matcher leaves open: regular expressions, and pictures.

An expression is compiled when it is first asked for, since most files ask for none:
plain Python and C, which need nothing that the lock forbids.
"""

from collections.abc import Sequence

from clearward.core.facts import Facts
from clearward.core.reasons import NONE, Reason
from clearward.core.sights import Sights
from clearward.native.errors import BadImage
from clearward.native.image import Image
from clearward.native.layout import REGEX_LETTERS, Flag
from clearward.native.paged import Data, Paged
from clearward.native.places import starts
from clearward.native.programs import Picture, Regex
from clearward.native.verify import Result
from clearward.rules.clamav.regexes import MOST_SIZE, Compiled, compile_regex
from clearward.rules.icons import Icons, is_like

MOST_COMPILED = 2048  # expressions that are kept


class Regexes:
    """The regular expressions of an image, compiled as they are asked for.

    Args:
        image: that holds them.
        seconds: most for one expression on one part.

    Attributes:
        seconds: likewise.
    """

    def __init__(self, image: Image, seconds: float) -> None:
        self._image = image
        self.seconds = seconds
        self._compiled: dict[tuple[int, int, int], Compiled] = {}

    def regex(self, sub: Regex) -> Compiled:
        """Return the compiled expression of a sub-signature.

        Raises:
            BadImage: it is none.
        """
        key = sub.offset, sub.length, sub.flags
        known = self._compiled.get(key)
        if known is None:
            if len(self._compiled) >= MOST_COMPILED:
                self._compiled.clear()
            known = self._compiled[key] = self._compile(sub)
        return known

    def check(self) -> None:
        """Compile every expression that a signature has, and forget it again.

        Raises:
            BadImage: one of them is none.
        """
        for index, signature in enumerate(self._image.signatures):
            if signature.flags & Flag.DEFERRED:
                for sub in self._image.program(index).subs:
                    if isinstance(sub, Regex):
                        self._compile(sub)

    def _compile(self, sub: Regex) -> Compiled:
        text = self._image.text(sub.offset, sub.length)
        letters = "".join(
            letter for bit, letter in enumerate(REGEX_LETTERS) if sub.flags >> bit & 1
        )
        try:
            return compile_regex(text.decode(), letters)
        except ValueError as error:
            raise BadImage(f"a regular expression: {error}") from error


class Answers:
    """Answers for what the matcher cannot decide about one part.

    Attributes:
        data: the part.
        facts: about it.
        reasons: why an answer is only a guess.
    """

    def __init__(
        self, regexes: Regexes, data: Data, facts: Facts, sights: Sights
    ) -> None:
        self._regexes = regexes
        self.data = data
        self.facts = facts
        self._sights = sights
        self.reasons = NONE

    def shows(self, known: Icons, groups: Sequence[str]) -> bool:
        """Say whether the part has an icon of these groups."""
        asked = known.asked(groups)
        if not asked:  # what the part shows takes far longer to find out
            return False
        seen = self._sights.icons()
        if any(is_like(icon, one) for icon in seen.icons for one in asked):
            return True
        self.reasons |= seen.reasons
        return False

    def decide(
        self, _number: int, sub: Regex | Picture, _results: Sequence[Result]
    ) -> Sequence[int]:
        """Return the places where a sub-signature matches, ascending.

        Nothing that cannot be looked for is said to match; the reason is kept.
        """
        if isinstance(sub, Picture):
            seen = self._sights.look()
            self.reasons |= seen.reasons
            return (0,) if seen.hash == sub.hash else ()
        if len(self.data) > MOST_SIZE or isinstance(self.data, Paged):
            self.reasons |= Reason.SIZE_LIMIT
            return ()
        try:
            return self._places(sub, self.data)
        except TimeoutError:
            self.reasons |= Reason.TIME_LIMIT
            return ()
        except BadImage:  # no expression; all were tried when they were compiled
            self.reasons |= Reason.CORRUPT
            return ()

    def spans(self, sub: Regex) -> list[tuple[int, int]]:
        """Return where an expression begins to match, and how long, to be shown."""
        try:
            return [] if isinstance(self.data, Paged) else self._spans(sub, self.data)
        except (TimeoutError, BadImage):
            return []

    def _places(self, sub: Regex, data: bytes) -> list[int]:
        return sorted({start for start, _ in self._spans(sub, data)})

    def _spans(self, sub: Regex, data: bytes) -> list[tuple[int, int]]:
        compiled = self._regexes.regex(sub)
        found: list[tuple[int, int]] = []
        size = len(data)
        for low, high in starts(sub.place, self.facts, size):
            end = high if compiled.confined else size
            last = size if compiled.rolls and low == high else high
            seconds = self._regexes.seconds
            for start, stop in compiled.spans(data, low, end, seconds=seconds):
                if start > last:
                    break
                found.append((start, stop - start))
        return found
