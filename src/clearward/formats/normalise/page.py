"""What there is to see in a page, and how much of it is looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a page is looked at, and how much at once.

    Attributes:
        block: bytes of a piece, at least 64; the views do not depend on it, apart from
            what stands around a bracket that ends no tag.
        spoken: bytes without tags (ClamAV's MaxHTMLNoTags).
    """

    block: int = 1 << 17
    spoken: int = 8 << 20


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Page:
    """What signatures look at in a page.

    Attributes:
        written: the page in one form.
        spoken: without tags.
        scripts: what stands in its scripts, unchanged.
        limited: a limit was met, so something was left out.
    """

    written: bytes
    spoken: bytes
    scripts: tuple[bytes, ...]
    limited: bool
