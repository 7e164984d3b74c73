"""The key that a source is asked with: it is the publisher's, and no file holds it.

A list names the variable of the environment that has it, as `env:ABUSE_CH_KEY`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.egress.request import Key, check_header

_FROM = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]{0,99})")


@dataclass(frozen=True, slots=True)
class Needed:
    """Where a key is.

    Attributes:
        variable: of the environment.
        header: field that carries it; empty if the address does.

    Raises:
        ValueError: it is no header for a key.
    """

    variable: str
    header: str = ""

    def __post_init__(self) -> None:
        check_header(self.header)

    @classmethod
    def parse(cls, key: str, header: str) -> "Needed":
        """Read what a list says.

        Raises:
            ValueError: it names no variable, and may be the key itself: so it is not
                repeated.
        """
        found = _FROM.fullmatch(key)
        if not found:
            raise ValueError(
                "key: not of the form env:NAME; the key is not written here"
            )
        return cls(found[1], header)

    def is_there(self, environment: Mapping[str, str]) -> bool:
        """Say whether there is a key."""
        return bool(environment.get(self.variable))

    def key(self, environment: Mapping[str, str]) -> Key:
        """Return the key.

        Raises:
            Refused: there is none, or it cannot be used.
        """
        if not self.is_there(environment):
            raise Refused(f"{self.variable} is not set: it has the key")
        try:
            return Key(environment[self.variable], self.header)
        except ValueError as error:
            raise Refused(f"{self.variable}: no key: {error}") from None
