"""Fetch a source through the door, and write down where it comes from.

    INTO/NAME/FILE           as it came: nothing here reads it
    INTO/NAME/bundle.toml    where it comes from, see `publishing.provenance`

A source that cannot be fetched stays as it was.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from clearward.core.errors import Refused, Unavailable
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Key, Reason, Request
from clearward.egress.tls import Trust
from clearward.publishing.importing.following import Following
from clearward.publishing.importing.listed import Listed
from clearward.publishing.repository import make_folder, write_new
from clearward.stores.durable import write_all
from clearward.stores.new_file import new_file

SECONDS = 3600.0  # for one source


@dataclass(frozen=True, slots=True)
class Fetched:
    """A source that is there.

    Attributes:
        path: of its file.
        size: bytes.
        sha256: hexadecimal.
        changed: it is another one than before.
    """

    path: str
    size: int
    sha256: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Fetching:
    """Fetches sources.

    Attributes:
        ledger: of what leaves.
        into: folder that each has a folder in.
        today: is written down.
        show: is told how many bytes have come.
        trust: whose word counts for the names of servers.
    """

    ledger: Ledger
    into: str
    today: date
    show: Callable[[int], None] = lambda _: None
    trust: Trust | None = None

    def fetch(self, source: Listed, key: Key | None = None) -> Fetched:
        """Bring one source.

        Args:
            source: which.
            key: that it is asked with, if it needs one.

        Raises:
            Refused: the server does not give it, sends us on to a server that is not
                named, gives more than it should, or repeats the key.
            Unavailable: it cannot be reached, is too slow, or there is no room.
        """
        try:
            return self._fetch(source, key)
        except (Refused, Unavailable) as error:
            if key and key.value.lower() in str(error).lower():
                raise _repeated(source) from None  # no error is to show it
            raise

    def _fetch(self, source: Listed, key: Key | None) -> Fetched:
        folder = os.path.join(os.path.abspath(self.into), source.name)
        make_folder(folder)
        path = os.path.join(folder, source.file)
        before = _sha256(path)
        size, digest = self._bring(source, key, path)
        write_new(os.path.join(folder, "bundle.toml"), self._bundle(source, digest))
        return Fetched(path, size, digest, changed=digest != before)

    def _bring(self, source: Listed, key: Key | None, path: str) -> tuple[int, str]:
        policy = Policy.of({Reason.IMPORT: [source.destination, *source.others]})
        door = Door(self.ledger, policy, self.trust)
        following = Following(door, source.destination, source.most, SECONDS)
        whole, size = hashlib.sha256(), 0
        seen = _Seen(key)
        with new_file(path) as descriptor:
            for piece in following.fetch(Request("GET", source.target, key=key)):
                if seen.has_key(piece):
                    raise _repeated(source)
                try:
                    write_all(descriptor, piece)
                except OSError as error:
                    said = f"{path}: cannot be written: {error.strerror}"
                    raise Unavailable(said) from error
                whole.update(piece)
                size += len(piece)
                self.show(size)
        return size, whole.hexdigest()

    def _bundle(self, source: Listed, digest: str) -> bytes:
        """Return what is said of a source; strings of JSON are those of TOML."""
        fields = {
            "name": source.name,
            "files": [source.file],
            "url": source.url,
            **{key: value for key, value in source.said.items() if key != "about"},
        }
        lines = [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
        lines.append(f"date = {self.today.isoformat()}")
        head = f"# SHA-256 of what came: {digest}"
        return "\n".join([head, "[[source]]", *lines, ""]).encode()


class _Seen:
    """Looks for a key in what comes, so that it is not published with it."""

    def __init__(self, key: Key | None) -> None:
        self._wanted = key.value.encode() if key else b""
        self._end = b""

    def has_key(self, piece: bytes) -> bool:
        """Say whether the key is in this piece, or across its beginning."""
        if not self._wanted:
            return False
        looked = self._end + piece
        self._end = looked[1 - len(self._wanted) :]
        return self._wanted in looked


def _repeated(source: Listed) -> Refused:
    return Refused(f"{source.destination}: its answer repeats the key")


def _sha256(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
