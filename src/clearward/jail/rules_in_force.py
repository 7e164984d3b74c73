"""Every rule in force, by number: those that the jail named, and those of images.

Who has signed a rule is told by its source: a container of ClamAV's whose signature is
wrong is not loaded at all. Of an image that was compiled from such containers alone
every signature of ClamAV's counts as signed; of any other none does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import overload

from typing_extensions import override

from clearward.core.names import RuleName, Table
from clearward.jail.image_file import ImageFile

CONTAINERS = ("cvd", "cld")  # kinds of sources that carry a signature


class RulesInForce(Sequence[RuleName]):
    """The rules of a table.

    Args:
        table: as the jail gave it.
        images: what names the rules of each of its images.
        kinds: of the sources, by number.
    """

    def __init__(
        self,
        table: Table,
        images: Sequence[ImageFile] = (),
        kinds: Sequence[str] = (),
    ) -> None:
        self._table = table
        self._images = images
        self._signed = {
            number for number, kind in enumerate(kinds) if kind in CONTAINERS
        } | {
            image.source
            for image in table.images
            if image.made_of
            and all(kind in CONTAINERS for _, kind, *_ in image.made_of)
        }

    @override
    def __len__(self) -> int:
        return self._table.count

    @overload
    def __getitem__(self, index: int) -> RuleName: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[RuleName]: ...
    @override
    def __getitem__(self, index: int | slice) -> RuleName | Sequence[RuleName]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if 0 <= index < len(self._table.rules):
            return self._told(self._table.rules[index])
        for rules, image in zip(self._table.images, self._images, strict=True):
            if rules.first <= index < rules.first + rules.count:
                return self._told(image.rule(index - rules.first))
        raise IndexError("no such rule")

    @override
    def __iter__(self) -> Iterator[RuleName]:
        yield from map(self._told, self._table.rules)
        for image in self._images:
            yield from map(self._told, image.rules())

    def _told(self, rule: RuleName) -> RuleName:
        """Return a rule with what its source says about it."""
        if rule.source not in self._signed or rule.kind not in {"clamav", "digest"}:
            return rule
        return replace(rule, signed=True)
