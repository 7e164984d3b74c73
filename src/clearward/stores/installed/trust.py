"""What a user trusts: a folder that he is given once, or writes himself.

root.json     metadata of the role root, of TUF
policy        which logs count, and which witnesses: C2SP tlog-policy
freshness     may be missing: how old a checkpoint may be, such as ``7d``
"""

import os
import re
from dataclasses import dataclass

from clearward.core.errors import Malformed, Refused
from clearward.stores.durable import write_all
from clearward.stores.installed.place import Place
from clearward.stores.new_file import new_file
from clearward.updates.policy import Policy

_NAMES = ("root.json", "policy")
_FRESHNESS = "freshness"
_MOST = 512_000  # bytes of a file
_AGE = re.compile(r"([0-9]{1,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Trust:
    """The files of the folder, and what they mean.

    Attributes:
        root: as it was read.
        text: of the policy, as it was read.
        policy: what that means.
        age: as it was read; empty if it is missing.
        seconds: that a checkpoint may be old; None for no limit.
    """

    root: bytes
    text: bytes
    policy: Policy
    age: bytes = b""
    seconds: int | None = None

    @classmethod
    def read(cls, folder: str) -> "Trust":
        """Read a folder.

        Raises:
            Refused: a file is missing or is not what it should be.
        """
        root, text = (_read(os.path.join(folder, name)) for name in _NAMES)
        path = os.path.join(folder, _FRESHNESS)
        age = _read(path) if os.path.lexists(path) else b""
        try:
            policy = Policy.parse(text.decode())
        except (UnicodeDecodeError, Malformed) as error:
            raise Refused(f"{folder}/policy: {error}") from error
        return cls(root, text, policy, age, _seconds(age, path) if age else None)

    @classmethod
    def kept(cls, place: Place) -> "Trust | None":
        """Return what is kept in the home; None if nothing is.

        Raises:
            Refused: it is damaged.
        """
        folder = place.within("trust")
        # The last one that is written.
        return cls.read(folder) if os.path.lexists(f"{folder}/policy") else None

    def keep(self, place: Place) -> None:
        """Keep it in the home; the one before stays until this one is there.

        Raises:
            Unavailable: it cannot be written.
        """
        folder = place.within("trust")
        os.makedirs(folder, mode=0o755, exist_ok=True)
        files = {"root.json": self.root, _FRESHNESS: self.age, "policy": self.text}
        for name, data in files.items():
            if data:
                with new_file(os.path.join(folder, name)) as descriptor:
                    write_all(descriptor, data)
            elif os.path.lexists(os.path.join(folder, name)):
                os.unlink(os.path.join(folder, name))


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > _MOST:
        raise Refused(f"{path}: longer than {_MOST:,} bytes")
    return data


def _seconds(age: bytes, path: str) -> int:
    found = _AGE.fullmatch(age.decode("latin-1").strip())
    if found is None:
        raise Refused(f"{path}: an age is a number and s, m, h or d, such as 7d")
    return int(found[1]) * _SECONDS[found[2]]
