"""Where a person says that keys are: one place for all, or some roles elsewhere.

    keys                            a folder
    env:PREFIX                      variables
    pkcs11:token=NAME?...           a token, see `token_address`
    ROLE[,ROLE...]=PLACE            for these roles, and the place without roles for all
                                    others

A role has one place, so that a new key has one, too. What is begun and not finished is
kept where the place without roles says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clearward.core.errors import Refused
from clearward.publishing.key_files import KeysFolder, KeysInEnvironment, read_file
from clearward.publishing.keys import LOG, ROLES, Keys
from clearward.publishing.signing_key import SigningKey
from clearward.publishing.token import Pin, Token
from clearward.publishing.token_address import SCHEME, TokenAddress
from clearward.publishing.token_keys import TokenKeys

_ENVIRONMENT = "env:"
_EVERY = frozenset((*ROLES, LOG))


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The place of the roles that no place was named for."""

    name: str = "--keys"

    def find(self, _role: str) -> list[SigningKey]:
        """Return nothing."""
        return []

    def get(self, _label: str) -> SigningKey | None:
        """Return nothing."""
        return None

    def make(self, label: str) -> None:
        """Refuse.

        Raises:
            Refused: always.
        """
        raise Refused(f"{self.name}: no place is named for the key {label}")

    def rename(self, old: str, _new: str) -> None:
        """Refuse.

        Raises:
            Refused: always.
        """
        self.make(old)

    def state(self) -> str | None:
        """Return nothing."""
        return None


@dataclass(frozen=True, slots=True)
class KeysByRole:
    """Keys in several places.

    Attributes:
        places: of some roles.
        others: of all other roles.
    """

    places: Mapping[str, Keys]
    others: Keys

    @property
    def name(self) -> str:
        """What messages call it."""
        every = (self.others, *self.places.values())
        names = dict.fromkeys(one.name for one in every if not _is_nowhere(one))
        return ", ".join(names)

    def find(self, role: str) -> list[SigningKey]:
        """Return all keys that there are of a role.

        Raises:
            As `Keys.find`.
        """
        return self._place(role).find(role)

    def get(self, label: str) -> SigningKey | None:
        """Return the key of a label, if there is one.

        Raises:
            As `Keys.find`.
        """
        return self._place(label).get(label)

    def make(self, label: str) -> None:
        """Make a key, if there is none of this label.

        Raises:
            As `Keys.make`.
        """
        self._place(label).make(label)

    def rename(self, old: str, new: str) -> None:
        """Give a key another label of the same role.

        Raises:
            As `Keys.rename`.
        """
        self._place(old).rename(old, new)

    def state(self) -> str | None:
        """Return the folder of the roles that are nowhere else, if it is one."""
        return self.others.state()

    def _place(self, label: str) -> Keys:
        role = label.partition(".")[0].partition("-")[0]
        return self.places.get(role, self.others)


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds keys where a person says they are.

    Attributes:
        variables: of the environment.
        pin: of a token.
        tokens: by module, name and number; one that is named twice is opened once.
    """

    variables: Mapping[str, str]
    pin: Pin
    tokens: dict[tuple[str, str, str], Token]

    def find(self, places: Iterable[str]) -> Keys:
        """Return the keys of all places.

        Raises:
            Refused: a role has two places, or one cannot be read.
        """
        of: dict[str, Keys] = {}
        others: list[Keys] = []
        for text in places:
            roles, place = _split(text)
            keys = self._keys(place)
            if not roles:
                others.append(keys)
            for role in roles:
                if role in of:
                    raise Refused(f"--keys: the role {role} has two places")
                of[role] = keys
        if len(others) > 1:
            raise Refused("--keys: two places for all roles; name roles: ROLE=PLACE")
        rest: Keys = others[0] if others else Nowhere()
        return KeysByRole(of, rest) if of else rest

    def key(self, where: str) -> SigningKey:
        """Return one key: of a file, or of a token by its label.

        Raises:
            Refused: it is not there, or cannot be used.
            Unavailable: the token does not answer.
        """
        if not where.startswith(SCHEME):
            return read_file(where)
        label = TokenAddress.parse(where).label
        if not label:
            raise Refused("pkcs11: object is missing, as in object=root-2")
        keys = self._keys(where, label)
        found = keys.get(label)
        if found is None:
            raise Refused(f"{keys.name}: {label}: the key is not there")
        return found

    def _keys(self, where: str, label: str = "") -> Keys:
        if where.startswith(_ENVIRONMENT):
            return KeysInEnvironment(where.removeprefix(_ENVIRONMENT), self.variables)
        if not where.startswith(SCHEME):
            return KeysFolder(where)
        address = TokenAddress.parse(where)
        if address.label != label:
            raise Refused("pkcs11: object names one key, and here are all of a role")
        same = (address.module, address.token, address.serial)
        if same not in self.tokens:
            self.tokens[same] = Token(address, self.pin)
        return TokenKeys(self.tokens[same])


def _split(text: str) -> tuple[list[str], str]:
    """Return the roles that are named before a place, and the place."""
    before, equals, place = text.partition("=")
    roles = before.split(",")
    if equals and place and _EVERY.issuperset(roles):
        return roles, place
    return [], text


def _is_nowhere(keys: Keys) -> bool:
    return isinstance(keys, Nowhere)
