"""Judge from the text of a YARA rule whether windows of a part can decide it."""

from enum import Enum


class Decision(Enum):
    """What a match, or none, in a window of a large part says about the whole."""

    ANY = "any"
    POSITIVE = "positive"
    SMALL = "small"
    OPEN = "open"


def decide(text: str) -> dict[str, Decision]:
    """Return the decision for each rule in a source, by rule name.

    A rule that is missing from the answer is `Decision.OPEN`.
    """
    del text
    return {}
