"""The witnesses that the organisation has its ledger cosigned by: a file in its folder.

    URL VKEY            a line each

They are asked at no other address than the one that stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from clearward.core.errors import Malformed, Refused
from clearward.egress import folder
from clearward.egress.request import Place
from clearward.updates.keys import Kind, PublicKey

NAME = "witnesses"
_WORDS = 2


@dataclass(frozen=True, slots=True)
class Witness:
    """One.

    Attributes:
        url: where it is asked.
        key: that it signs with.
    """

    url: str
    key: PublicKey

    @classmethod
    def of(cls, url: str, vkey: str) -> "Witness":
        """Take what a person names.

        Raises:
            Refused: it is no address, or no key of a witness.
        """
        Place.parse(url)
        try:
            key = PublicKey.parse(vkey)
        except Malformed as error:
            raise Refused(f"{vkey[:200]!a}: no key: {error}") from error
        if key.kind is Kind.ED25519:
            raise Refused(f"{key.name}: the key of a log, not of a witness")
        return cls(url, key)

    @property
    def place(self) -> Place:
        """Where it is asked."""
        return Place.parse(self.url)

    @override
    def __str__(self) -> str:
        return f"{self.url} {self.key}"


def known(path: str) -> list[Witness]:
    """Return the witnesses of a ledger, in the order they were added.

    Args:
        path: of the folder of the ledger.

    Raises:
        Refused: the file is damaged.
        Unavailable: it cannot be read.
    """
    try:
        lines = folder.read(path, NAME).decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return []
    found = []
    for line in filter(None, lines):
        words = line.split(" ")
        if len(words) != _WORDS:
            raise Refused(f"{path}/{NAME}: a line is no address and key")
        found.append(Witness.of(*words))
    return found


def add(path: str, witness: Witness) -> None:
    """Have a ledger cosigned by one more; one of that key is put in its place.

    Raises:
        Refused: others may use the folder.
        Unavailable: it cannot be written.
    """
    folder.make(path)
    with folder.locked(path, alone=True):
        kept = [one for one in known(path) if one.key != witness.key]
        _write(path, [*kept, witness])


def remove(path: str, name: str) -> Witness:
    """Ask a witness no more; what it has cosigned stays. Return it.

    Args:
        path: of the folder.
        name: of its key, or the key.

    Raises:
        Refused: there is none, or more than one.
        Unavailable: it cannot be written.
    """
    folder.make(path)
    with folder.locked(path, alone=True):
        all_ = known(path)
        found = [one for one in all_ if name in (one.key.name, str(one.key))]
        if len(found) != 1:
            raise Refused(f"{len(found)} witnesses are called {name!a}")
        _write(path, [one for one in all_ if one not in found])
    return found[0]


def _write(path: str, witnesses: Sequence[Witness]) -> None:
    folder.replace(path, NAME, "".join(f"{one}\n" for one in witnesses).encode())
