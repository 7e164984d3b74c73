"""Text as it is compared: without case, accents, look-alikes and separators.

Letters that look alike are one: those of Cyrillic and Greek that a reader takes for
Latin ones, and digits that stand for letters. Words are parted by one space.
"""

import re
import unicodedata
from collections.abc import Iterable

_PAIRS = (
    *zip("авсеһіјкмнорѕтухѵԁԛԝ", "abcehijkmhopstyxvdqw", strict=True),
    *zip("αβεζηικμνορτυχ", "abezhikmnoptyx", strict=True),
    *zip("0134578@$", "oieastbas", strict=True),
    ("\N{LATIN SMALL LETTER DOTLESS I}", "i"),
    ("ß", "ss"),
    ("ł", "l"),
    ("ø", "o"),
    ("đ", "d"),
)
_LIKE = str.maketrans(dict(_PAIRS))
_END = "\n"
_BETWEEN = re.compile(rf"(?:[^\w{_END}]|_)+")
_SPELLED = re.compile(r"\b\w(?: \w\b){4,}")  # letters in a row, each by itself


def folded(text: str) -> str:
    """Return the words of a text as they are compared, one space between them."""
    return folded_lines((text,)).strip()


def folded_lines(texts: Iterable[str]) -> str:
    """Return the words of several texts, each a line with a space at both ends."""
    text = "".join(f" {one.replace(_END, ' ')} {_END}" for one in texts).casefold()
    if not text.isascii():
        split = unicodedata.normalize("NFKD", text)
        text = "".join(one for one in split if unicodedata.category(one) != "Mn")
        text = text.casefold()  # capitals of mathematics are some only now
    words = _BETWEEN.sub(" ", text.translate(_LIKE))
    return _SPELLED.sub(lambda found: found[0].replace(" ", ""), words)


def has_no_words(phrase: str) -> bool:
    """Say whether a script is one that puts no spaces between words."""
    return any("\u2e80" <= one <= "\ud7ff" for one in phrase)
