"""Search text with an expression that came with a pattern, in linear time.

Source: STIX 2.1, section 9.6.1, LIKE and MATCHES.
"""

from collections.abc import Callable
from unicodedata import normalize

import re2

from clearward.core.errors import Refused

MOST_MEMORY = 2 << 20  # bytes of one expression and its states

Search = Callable[[str | bytes], bool]


def searching(expression: str) -> Search:
    """Return a function that says whether an expression is found in a text.

    Raises:
        Refused: the engine has no such expression, or it would be too large.
    """
    return _search(normalize("NFC", expression))


def like(form: str) -> Search:
    """Return a function that says whether a whole text has a form with % and _.

    Raises:
        Refused: it would be too large.
    """
    wild = {"%": ".*", "_": "."}
    text = normalize("NFC", form)
    made = "".join(wild.get(letter) or re2.escape(letter) for letter in text)
    return _search(rf"(?s)\A(?:{made})\z")


def _search(expression: str) -> Search:
    text = _compiled(expression, re2.Options.Encoding.UTF8)
    try:
        latin = _compiled(expression.encode("latin-1"), re2.Options.Encoding.LATIN1)
    except UnicodeEncodeError:
        latin = None  # no byte is such a letter

    def found(value: str | bytes) -> bool:
        if isinstance(value, str):
            try:
                return text.search(normalize("NFC", value)) is not None
            except UnicodeEncodeError:  # half of a pair, which JSON can have
                return False
        return latin is not None and latin.search(value) is not None

    return found


def _compiled(expression: str | bytes, encoding: object) -> "re2._Regexp":
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.log_errors = False
    options.encoding = encoding
    try:
        return re2.compile(expression, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise Refused(
            "an expression of the pattern is not one that is taken"
        ) from error
