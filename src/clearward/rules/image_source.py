"""A compiled image as the zygote was given it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageSource:
    """One mapped image.

    Attributes:
        number: its number among all sources, counted from 0.
        label: what to call it in error messages; untrusted.
        origin: ``"bundle"``, ``"local"`` or ``"intel"``.
        data: the whole file, whose digest somebody else compares.
    """

    number: int
    label: str
    origin: str
    data: memoryview
