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

from clearward.core.errors import Unavailable
from clearward.egress.door import Door
from clearward.egress.ledger import Ledger
from clearward.egress.policy import Policy
from clearward.egress.request import Reason, Request
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
    """

    ledger: Ledger
    into: str
    today: date
    show: Callable[[int], None] = lambda _: None

    def fetch(self, source: Listed) -> Fetched:
        """Bring one source.

        Raises:
            Refused: the server does not give it, sends us on to another server, or
                gives more than it should.
            Unavailable: it cannot be reached, is too slow, or there is no room.
        """
        folder = os.path.join(os.path.abspath(self.into), source.name)
        make_folder(folder)
        path = os.path.join(folder, source.file)
        before = _sha256(path)
        size, digest = self._bring(source, path)
        write_new(os.path.join(folder, "bundle.toml"), self._bundle(source, digest))
        return Fetched(path, size, digest, changed=digest != before)

    def _bring(self, source: Listed, path: str) -> tuple[int, str]:
        place = source.place
        door = Door(self.ledger, Policy.of({Reason.IMPORT: [place.destination]}))
        whole, size = hashlib.sha256(), 0
        with (
            new_file(path) as descriptor,
            door.connection(
                place.destination, Reason.IMPORT, seconds=SECONDS
            ) as connection,
        ):
            request = Request("GET", source.target)
            for piece in connection.fetch(request, most=source.most):
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


def _sha256(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
