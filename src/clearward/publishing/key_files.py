"""Keys in files and in variables: what signs is in memory while a command runs.

    LABEL.pem      PKCS #8, Ed25519, mode 0600, in a folder
    PREFIX_LABEL   the same in the environment, as a build server has it

Source: RFC 8410 (Ed25519 in PKCS #8).
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from clearward.core.errors import Refused, Unavailable
from clearward.publishing.keys import LOG, is_label_of
from clearward.publishing.repository import make_folder, write_new
from clearward.publishing.signing_key import SigningKey, read_key
from clearward.stores.durable import sync_folder
from clearward.updates.keys import Kind
from clearward.updates.signers import Signer

_ENDING = ".pem"
_FOLDER_MODE = 0o700
_KEY_MODE = 0o600


@dataclass(frozen=True, slots=True)
class KeysFolder:
    """Keys in files.

    Attributes:
        name: the folder.
    """

    name: str

    def find(self, role: str) -> list[SigningKey]:
        """Return all keys that there are of a role.

        Raises:
            Refused: one cannot be read or used.
        """
        try:
            names = os.listdir(self.name)
        except OSError as error:
            said = f"{self.name}: cannot be read: {error.strerror}"
            raise Refused(said) from error
        labels = [one.removesuffix(_ENDING) for one in names if one.endswith(_ENDING)]
        return [
            read_file(self._path(label))
            for label in sorted(labels)
            if is_label_of(role, label)
        ]

    def get(self, label: str) -> SigningKey | None:
        """Return the key of a label, if there is one.

        Raises:
            Refused: it cannot be read or used.
        """
        path = self._path(label)
        return read_file(path) if os.path.lexists(path) else None

    def make(self, label: str) -> None:
        """Make a key, if there is none of this label.

        Raises:
            Unavailable: it cannot be written.
        """
        if not os.path.isdir(self.name):
            make_folder(self.name)
            os.chmod(self.name, _FOLDER_MODE)
        if not os.path.lexists(self._path(label)):
            key = Signer.made(LOG, Kind.ED25519)  # it is named when it is used
            write_new(self._path(label), key.pem(), _KEY_MODE)

    def rename(self, old: str, new: str) -> None:
        """Give a key another label; one that had it is gone.

        Raises:
            Unavailable: there is no right to.
        """
        try:
            os.rename(self._path(old), self._path(new))
            sync_folder(self.name)
        except OSError as error:
            raise Unavailable(f"{self._path(new)}: {error.strerror}") from error

    def state(self) -> str | None:
        """Return the folder."""
        return self.name

    def _path(self, label: str) -> str:
        return os.path.join(self.name, f"{label}{_ENDING}")


@dataclass(frozen=True, slots=True)
class KeysInEnvironment:
    """Keys in variables: PREFIX_TARGETS, PREFIX_TARGETS_2.

    Attributes:
        prefix: of their names.
        variables: of the environment.
    """

    prefix: str
    variables: Mapping[str, str]

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.prefix

    def find(self, role: str) -> list[SigningKey]:
        """Return all keys that there are of a role.

        Raises:
            Refused: one cannot be used.
        """
        shape = re.compile(rf"{re.escape(self.prefix)}_{role.upper()}(_[0-9]+)?")
        names = sorted(filter(shape.fullmatch, self.variables))
        return [read_key(self.variables[name].encode(), name) for name in names]

    def get(self, label: str) -> SigningKey | None:
        """Return the key of a label, if there is one.

        Raises:
            Refused: it cannot be used.
        """
        name = f"{self.prefix}_{label.upper().replace('-', '_')}"
        found = self.variables.get(name)
        return None if found is None else read_key(found.encode(), name)

    def make(self, label: str) -> None:
        """Do nothing if there is this key; variables are made by others.

        Raises:
            Refused: it is missing.
        """
        if self.get(label) is None:
            self.rename(label, label)

    def rename(self, old: str, _new: str) -> None:
        """Refuse: variables are changed by others.

        Raises:
            Refused: always.
        """
        said = f"env:{self.prefix}: {old}: keys are made in a folder or a token"
        raise Refused(said)

    def state(self) -> str | None:
        """Return nothing: there is no folder."""
        return None


def read_file(path: str) -> SigningKey:
    """Return the key of a file.

    Raises:
        Refused: it cannot be read or used.
    """
    try:
        with open(path, "rb") as file:
            return read_key(file.read(), path)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
