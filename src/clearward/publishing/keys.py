"""The private keys of a publisher, by their labels.

    ROLE       a key of a role; in a folder it is the file ROLE.pem
    ROLE-2     further keys of a role that needs more than one signature
    ROLE.new   a key that `publish rotate` has made and that is not in use yet

A key counts for a role if the root of the repository names it. So a key may be missing,
as that of an offline root is, and one that counts no more does no harm. Where keys are
is one file a kind: `key_files`, `token_keys`.

Source: the contract of `publish init`.
"""

import re
from typing import Protocol

from tuf.api.metadata import Root

from clearward.core.errors import Malformed, Refused
from clearward.publishing.signing_key import MetadataSigner, SigningKey, read_key
from clearward.updates.keys import PublicKey
from clearward.updates.signers import Signer

ROLES = ("root", "targets", "snapshot", "timestamp")
LOG = "log"


class Keys(Protocol):
    """Where private keys are."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def find(self, role: str) -> list[SigningKey]:
        """Return all keys that there are of a role, in the order of their labels.

        Raises:
            Refused: one cannot be used.
            Unavailable: what holds them does not answer.
        """

    def get(self, label: str) -> SigningKey | None:
        """Return the key of a label, if there is one.

        Raises:
            As `find`.
        """

    def make(self, label: str) -> None:
        """Make a key, if there is none of this label.

        Raises:
            Refused: keys are not made here.
            Unavailable: it cannot be kept.
        """

    def rename(self, old: str, new: str) -> None:
        """Give a key another label; one that had it is gone.

        Who is killed on the way finds the key under one of them, and calls it again.

        Raises:
            Refused: keys are not changed here.
            Unavailable: there is no right to.
        """

    def state(self) -> str | None:
        """Return a folder where something can be kept that only a publisher sees."""


def label_of(role: str, number: int = 1) -> str:
    """Return the label of a key of a role; they count from 1."""
    return role if number == 1 else f"{role}-{number}"


def new_label(role: str) -> str:
    """Return the label of a key that is not in use yet."""
    return f"{role}.new"


def is_label_of(role: str, label: str) -> bool:
    """Say whether a label is one of a key of a role that may be in use."""
    return bool(re.fullmatch(rf"{re.escape(role)}(-[0-9]+)?", label))


def make_keys(keys: Keys, role: str, count: int = 1) -> None:
    """Make the keys of a role that are not there.

    Raises:
        As `Keys.make`.
    """
    for number in range(1, count + 1):
        keys.make(label_of(role, number))


def signer_of(pem: bytes, where: str) -> MetadataSigner:
    """Return what signs metadata with a key of a file.

    Raises:
        Refused: it is none.
    """
    return MetadataSigner(read_key(pem, where))


def signers(keys: Keys, role: str, root: Root) -> list[MetadataSigner]:
    """Return what signs for a role: of its keys those that a root names.

    Raises:
        As `Keys.find`.
    """
    found = [*map(MetadataSigner, keys.find(role)), *coming(keys, role)]
    named = root.roles[role].keyids
    return [one for one in found if one.public_key.keyid in named]


def coming(keys: Keys, role: str) -> list[MetadataSigner]:
    """Return what comes into use with the next root, and signs before that already."""
    key = keys.get(new_label(role))
    return [] if key is None else [MetadataSigner(key)]


def settle(keys: Keys, root: Root) -> None:
    """Let new keys that a root names take the place of the old ones.

    Raises:
        As `Keys.rename`.
    """
    for role in ROLES:
        for one in coming(keys, role):
            if one.public_key.keyid in root.roles[role].keyids:
                keys.rename(new_label(role), label_of(role))


def named(key: SigningKey, public: PublicKey) -> Signer:
    """Return a key with the name and the kind of another, to sign notes.

    Raises:
        Malformed: nobody may be called so.
    """
    return Signer(PublicKey(public.name, public.kind, key.public), key)


def log_signers(keys: Keys, public: PublicKey) -> list[Signer]:
    """Return what signs the heads of a log: its key, and those it had before.

    Args:
        keys: where they are.
        public: that clients have to be shown.

    Raises:
        Refused: that one is not there, or one cannot be used.
        Unavailable: what holds them does not answer.
    """
    new = keys.get(new_label(LOG))
    try:
        every = (*keys.find(LOG), *([] if new is None else [new]))
        found = [named(one, public) for one in every]
    except Malformed as error:
        raise Refused(f"{keys.name}: the key of the log: {error}") from error
    if public not in (one.public for one in found):
        raise Refused(f"{keys.name}: the key of the log {public.name} is not there")
    return found
