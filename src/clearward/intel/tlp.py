"""The Traffic Light Protocol: its levels, and the markings that stand for them.

TLP 2.0 is what is written; TLP 1 is read, WHITE as CLEAR.

Source: FIRST, Traffic Light Protocol, version 2.0; the ids in ``markings.toml``.
"""

import tomllib
from enum import IntEnum
from importlib.resources import files

from clearward.core.errors import Refused

_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_WHITE = "white"


class Tlp(IntEnum):
    """How far something may go; more is narrower."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def word(self) -> str:
        """What people write for it."""
        return self.name.lower().replace("_", "+")

    @property
    def marking(self) -> str:
        """The id of its marking in TLP 2.0."""
        return _WRITTEN[self]

    @classmethod
    def parse(cls, word: str) -> "Tlp":
        """Read a level, with or without ``TLP:`` before it.

        Raises:
            Refused: there is no such level.
        """
        name = word.strip().lower().removeprefix("tlp:")
        if name == _WHITE:
            return cls.CLEAR
        for level in cls:
            if name == level.word:
                return level
        levels = ", ".join(level.word for level in cls)
        raise Refused(f"{word!r} is no level of TLP: {levels}")


def _fixed() -> tuple[dict[str, Tlp], dict[Tlp, str]]:
    text = files("clearward.intel").joinpath("markings.toml").read_text("utf-8")
    levels = tomllib.loads(text).values()
    read = {id: Tlp(one["level"]) for one in levels for id in one["ids"]}
    return read, {level: id for id, level in read.items()}


_READ, _WRITTEN = _fixed()


def level_of(marking: str) -> Tlp | None:
    """Return the level that a marking stands for, None if it is none of TLP."""
    return _READ.get(marking)


def is_redefined(definition: dict[str, object]) -> bool:
    """Say whether an object with a fixed id means something else than it does."""
    level = _READ.get(str(definition.get("id")))
    if level is None:
        return False
    said = definition.get("definition")
    word = said.get("tlp") if isinstance(said, dict) else None
    extensions = definition.get("extensions")
    if word is None and isinstance(extensions, dict):
        extension = extensions.get(_EXTENSION)
        word = extension.get("tlp_2_0") if isinstance(extension, dict) else None
    try:
        return not isinstance(word, str) or Tlp.parse(word) is not level
    except Refused:
        return True
