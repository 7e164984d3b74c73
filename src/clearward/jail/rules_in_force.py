"""Every rule in force, by number: those that the jail named, and those of images."""

from collections.abc import Iterator, Sequence
from typing import overload

from typing_extensions import override

from clearward.core.names import RuleName, Table
from clearward.jail.image_file import ImageFile


class RulesInForce(Sequence[RuleName]):
    """The rules of a table.

    Args:
        table: as the jail gave it.
        images: what names the rules of each of its images.
    """

    def __init__(self, table: Table, images: Sequence[ImageFile] = ()) -> None:
        self._table = table
        self._images = images

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
            return self._table.rules[index]
        for rules, image in zip(self._table.images, self._images, strict=True):
            if rules.first <= index < rules.first + rules.count:
                return image.rule(index - rules.first)
        raise IndexError("no such rule")

    @override
    def __iter__(self) -> Iterator[RuleName]:
        yield from self._table.rules
        for image in self._images:
            yield from image.rules()
