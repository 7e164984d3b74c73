"""The private keys of a publisher.

    ROLE.pem       PKCS #8, Ed25519, mode 0600
    ROLE-2.pem     further keys of a role that needs more than one signature

A key counts for a role if the root of the repository names it. So a key may be missing
here, as that of an offline root is, and one that counts no more does no harm.

Source: the contract of `publish init`; RFC 8410.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root

from clearward.core.errors import Malformed, Refused, Unavailable
from clearward.publishing.repository import make_folder, write_new
from clearward.stores.durable import sync_folder
from clearward.updates.keys import Kind, PublicKey
from clearward.updates.signers import Signer

ROLES = ("root", "targets", "snapshot", "timestamp")
LOG = "log"
_FOLDER_MODE = 0o700
_KEY_MODE = 0o600
_ENVIRONMENT = "env:"


class Keys(Protocol):
    """Where private keys are."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def pems(self, role: str) -> list[bytes]:
        """Return all keys that there are of a role."""

    def coming(self, role: str) -> list[bytes]:
        """Return a key that `publish rotate` has made and that is not in use yet."""

    def state(self) -> str | None:
        """Return a folder where something can be kept that only a publisher sees."""


@dataclass(frozen=True, slots=True)
class KeysFolder:
    """Keys in files.

    Attributes:
        name: the folder.
    """

    name: str

    def pems(self, role: str) -> list[bytes]:
        """Return all keys that there are of a role.

        Raises:
            Refused: one cannot be read.
        """
        shape = re.compile(rf"{re.escape(role)}(-[0-9]+)?\.pem")
        try:
            names = sorted(filter(shape.fullmatch, os.listdir(self.name)))
        except OSError as error:
            said = f"{self.name}: cannot be read: {error.strerror}"
            raise Refused(said) from error
        return [self.read(self.path(name)) for name in names]

    def coming(self, role: str) -> list[bytes]:
        """Return a key that was made and is not in use yet.

        Raises:
            Refused: it cannot be read.
        """
        path = self.path(new_name(role))
        return [self.read(path)] if os.path.lexists(path) else []

    def read(self, path: str) -> bytes:
        """Return a file.

        Raises:
            Refused: it cannot be read.
        """
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError as error:
            raise Refused(f"{path}: cannot be read: {error.strerror}") from error

    def rename(self, old: str, new: str) -> None:
        """Give a file of a key another name; one that had it is gone.

        Raises:
            Unavailable: there is no right to.
        """
        try:
            os.rename(self.path(old), self.path(new))
            sync_folder(self.name)
        except OSError as error:
            raise Unavailable(f"{self.path(new)}: {error.strerror}") from error

    def path(self, name: str) -> str:
        """Return the path of a file."""
        return os.path.join(self.name, name)

    def state(self) -> str | None:
        """Return the folder."""
        return self.name

    def make(self, role: str, count: int = 1) -> None:
        """Make the keys of a role that are not there.

        Raises:
            Unavailable: they cannot be written.
        """
        if not os.path.isdir(self.name):
            make_folder(self.name)
            os.chmod(self.name, _FOLDER_MODE)
        for number in range(1, count + 1):
            self._make(file_name(role, number))

    def make_new(self, role: str) -> None:
        """Make a key that is not in use yet, if there is none.

        Raises:
            Unavailable: it cannot be written.
        """
        self._make(new_name(role))

    def _make(self, name: str) -> None:
        if not os.path.lexists(self.path(name)):
            key = Signer.made(LOG, Kind.ED25519)  # it is named when it is used
            write_new(self.path(name), key.pem(), _KEY_MODE)


@dataclass(frozen=True, slots=True)
class KeysInEnvironment:
    """Keys in variables, as a build server has them: PREFIX_TARGETS, PREFIX_TARGETS_2.

    Attributes:
        name: the prefix.
        variables: of the environment.
    """

    name: str
    variables: Mapping[str, str]

    def pems(self, role: str) -> list[bytes]:
        """Return all keys that there are of a role."""
        shape = re.compile(rf"{re.escape(self.name)}_{role.upper()}(_[0-9]+)?")
        return [
            self.variables[name].encode()
            for name in sorted(filter(shape.fullmatch, self.variables))
        ]

    def coming(self, _role: str) -> list[bytes]:
        """Return nothing: keys are not made here."""
        return []

    def state(self) -> str | None:
        """Return nothing: there is no folder."""
        return None


def keys_at(where: str, variables: Mapping[str, str]) -> KeysFolder | KeysInEnvironment:
    """Return the keys that a person names.

    Args:
        where: a folder, or ``env:`` and a prefix.
        variables: of the environment.
    """
    if where.startswith(_ENVIRONMENT):
        return KeysInEnvironment(where.removeprefix(_ENVIRONMENT), variables)
    return KeysFolder(where)


def file_name(role: str, number: int = 1) -> str:
    """Return the name of the file of a key; they count from 1."""
    return f"{role}.pem" if number == 1 else f"{role}-{number}.pem"


def new_name(role: str) -> str:
    """Return the name of the file of a key that is not in use yet."""
    return f"{role}.new.pem"


def signer_of(pem: bytes, where: str) -> CryptoSigner:
    """Return what signs metadata with a key.

    Raises:
        Refused: it is none.
    """
    try:
        return CryptoSigner(Signer.parse(LOG, Kind.ED25519, pem).private)
    except Malformed as error:
        raise Refused(f"{where}: a key that cannot be used: {error}") from error


def signers(keys: Keys, role: str, root: Root) -> list[CryptoSigner]:
    """Return what signs for a role: of its keys those that a root names.

    Raises:
        Refused: a key cannot be read.
    """
    pems = (*keys.pems(role), *keys.coming(role))
    found = (signer_of(pem, f"{keys.name}: {role}") for pem in pems)
    named = root.roles[role].keyids
    return [one for one in found if one.public_key.keyid in named]


def coming(keys: Keys, role: str) -> list[CryptoSigner]:
    """Return what comes into use with the next root, and signs before that already."""
    return [signer_of(pem, f"{keys.name}: {role}") for pem in keys.coming(role)]


def settle(keys: KeysFolder, root: Root) -> None:
    """Let new keys that a root names take the place of the old ones.

    Raises:
        Unavailable: there is no right to.
    """
    for role in ROLES:
        for one in coming(keys, role):
            if one.public_key.keyid in root.roles[role].keyids:
                keys.rename(new_name(role), file_name(role))


def log_signers(keys: Keys, public: PublicKey) -> list[Signer]:
    """Return what signs the heads of a log: its key, and those it had before.

    Args:
        keys: where they are.
        public: that clients have to be shown.

    Raises:
        Refused: that one is not there, or one cannot be used.
    """
    try:
        found = [
            Signer.parse(public.name, public.kind, pem)
            for pem in (*keys.pems(LOG), *keys.coming(LOG))
        ]
    except Malformed as error:
        raise Refused(f"{keys.name}: the key of the log: {error}") from error
    if public not in (one.public for one in found):
        raise Refused(f"{keys.name}: the key of the log {public.name} is not there")
    return found
