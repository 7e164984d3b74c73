"""Every rule in force, as one matcher."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clearward.rules import eicar
from clearward.rules.hashes import Digests
from clearward.rules.windows import Windows
from clearward.rules.yara import Hit, YaraRules

if TYPE_CHECKING:  # loaded where there are any
    from clearward.rules.signatures import Signatures

__all__ = ["Hit", "RuleSet"]


class RuleSet:
    """Matches parts against everything that was loaded.

    Args:
        test_file: number of the EICAR rule, or None if it is left out.
        digests: by algorithm; only these digests are ever computed.
        yara: compiled YARA rules, or None.
        signatures: those of ClamAV's databases, or None. They look at more than bytes,
            so the engine asks them itself.
        images: those of compiled images, likewise.
    """

    def __init__(
        self,
        test_file: int | None,
        digests: tuple[Digests, ...],
        yara: YaraRules | None,
        signatures: "Signatures | None" = None,
        images: "tuple[Signatures, ...]" = (),
    ) -> None:
        self.signatures = signatures
        self.images = images
        self._test_file = test_file
        self._digests = digests
        self._yara = yara

    @property
    def needs_whole(self) -> bool:
        """Some rule can only be decided on a whole part.

        Every rule is judged when this is first asked for; ask only where it matters.
        """
        return self._yara is not None and self._yara.needs_whole

    def load(self, partition: int) -> bool:
        """Load YARA rules that `Unloaded` names; False if there are no such.

        Raises:
            BadImage: they are not as they should be.
        """
        return self._yara is not None and self._yara.load(partition)

    def match(self, data: bytes) -> list[int]:
        """Return the numbers of the rules that match a whole part."""
        return self.look(data)[0]

    def look(self, data: bytes) -> tuple[list[int], bool]:
        """Return the numbers of the rules that match, and whether marks may be there.

        The marks are those that the rules were compiled with.

        Raises:
            Unloaded: rules have to be asked that are not loaded here.
        """
        found: list[int] = []
        marked = True
        if self._yara is not None:
            found, marked = self._yara.look(data)
        short = len(data) <= eicar.LONGEST
        if short and self._test_file is not None and eicar.matches(data):
            found.insert(0, self._test_file)
        if self._digests:
            found.extend(self._by_digest(data))
        return found, marked

    def explain(self, data: bytes) -> Iterator[Hit]:
        """Yield where the rules match a whole part."""
        if self._test_file is not None and eicar.matches(data):
            yield Hit(self._test_file, 0, len(data))
        for number in self._by_digest(data):
            yield Hit(number, 0, len(data))
        if self._yara is not None:
            yield from self._yara.explain(data)

    def windows(self) -> Windows:
        """Return a matcher for one part that comes in pieces."""
        return Windows(self._digests, self._yara, self._test_file)

    def _by_digest(self, data: bytes) -> Iterator[int]:
        made: dict[str, bytes] = {}
        for known in self._digests:
            name = known.algorithm
            if name not in made:
                made[name] = hashlib.new(name, data, usedforsecurity=False).digest()
            number = known.find(made[name])
            if number is not None:
                yield number
