"""What normalisers have in common: the compiled ones, and those in plain Python."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import Buffer

from clearward.formats.normalise.dataurl import Decoding
from clearward.formats.normalise.encoder import Decoded
from clearward.formats.normalise.page import Page


@dataclass(frozen=True, slots=True)
class Normaliser:
    """The functions that make views.

    Attributes:
        name: "compiled" or "reference".
        text, script: bytes to bytes.
        page: of a page, within limits.
        encoded: the first encoded script in a text, or None.
        decoding: of data URLs.
        page_marks, address: as `marks.page` and `marks.address`.
        signs, places, run: as the functions of `normalise.signs`.
    """

    name: str
    text: Callable[[bytes], bytes]
    script: Callable[[bytes], bytes]
    page: Callable[..., Page]
    encoded: Callable[[bytes], Decoded | None]
    decoding: Decoding
    page_marks: Callable[[bytes, int], int]
    address: Callable[[Buffer, int], int]
    signs: Callable[[bytes], int]
    places: Callable[[bytes], list[int]]
    run: Callable[[bytes, int], tuple[int, int]]
