"""Where an entry is being given back to, written down before it can be seen there.

A file beside the entry, in the state ``restoring``: random bytes, and JSON sealed with
a key made of them. One that was not finished does not open, and then nothing was given
back yet.
"""

import json
import os
import secrets
from dataclasses import dataclass

from clearward.stores.quarantine.damage import Damaged
from clearward.stores.quarantine.sealing import derived, open_once, seal_once

_SALT = 32
_MOST = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Journal:
    """What is to appear, and where.

    Attributes:
        path: absolute, raw, without links.
        secret: a name that the new file alone may have in that folder before.
        device: of the file system that the new file is on; 0 if there is none yet.
        inode: of the new file; 0 if there is none yet.
    """

    path: bytes
    secret: bytes
    device: int
    inode: int

    def is_file(self, status: os.stat_result) -> bool:
        """Say whether it is the new file."""
        return (status.st_dev, status.st_ino) == (self.device, self.inode)

    def write(self, descriptor: int, key: bytes, identifier: str) -> None:
        """Write it down, in the place of what was written before, and sync it.

        Raises:
            OSError: as write(2).
        """
        salt = secrets.token_bytes(_SALT)
        names = self.path.hex(), self.secret.hex()
        content = json.dumps((*names, self.device, self.inode)).encode()
        own = derived(key, salt, b"journal")
        sealed = salt + seal_once(own, content, identifier.encode())
        os.pwrite(descriptor, sealed, 0)
        os.ftruncate(descriptor, len(sealed))
        os.fsync(descriptor)

    @classmethod
    def read(cls, descriptor: int, key: bytes, identifier: str) -> "Journal":
        """Read it again.

        Raises:
            Damaged: it was not finished, or is not ours.
        """
        written = os.pread(descriptor, _MOST, 0)
        own = derived(key, written[:_SALT], b"journal")
        content = open_once(own, written[_SALT:], identifier.encode())
        try:
            path, secret, device, inode = json.loads(content)
            names = bytes.fromhex(path), bytes.fromhex(secret)
            return cls(*names, int(device), int(inode))
        except (ValueError, TypeError) as error:
            raise Damaged("a journal of a later version") from error
