"""Upload to Nextcloud over WebDAV, as a desktop client does, and clean up.

What files_antivirus finds is refused with a status of 4xx, while the same upload with
harmless content is taken. An app that only looks in the background lets it in first,
which is not blocked.
"""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from clearward.core.errors import Refused
from clearward.faces.selftest.chain import Fate, Seen
from clearward.faces.selftest.requests import (
    Address,
    Answer,
    Request,
    address,
    basic,
)
from clearward.faces.selftest.samples import Sample

# Refusals that have nothing to do with the content.
_OTHER_REASONS = (401, 404, 405, 407, 408, 409, 411, 413, 414, 423, 429)
_GOOD, _REFUSED, _BROKEN = 200, 400, 500


@dataclass(frozen=True, slots=True)
class Nextcloud:
    """One user's files.

    Attributes:
        where: the server, with the path that it lives under.
        user: whose files.
        password: best one that was made for an app.
    """

    where: Address
    user: str
    password: str
    name: str = "nextcloud"

    @property
    def target(self) -> str:
        """The address."""
        return self.where.shown

    def send(self, sample: Sample) -> Seen:
        """Upload a sample; what was let in is deleted again."""
        file = f"clearward-selftest-{secrets.token_hex(8)}.txt"
        path = f"{self.where.path}/remote.php/dav/files/{quote(self.user)}/{file}"
        put = self._ask("PUT", path, sample.content)
        said = [f"PUT: {_shown(put)}"]
        fate = _fate(put.status)
        if fate is not Fate.BLOCKED:
            said.append(f"DELETE: {_shown(self._ask('DELETE', path))}")
        return Seen(fate, tuple(said))

    def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        headers = basic(self.user, self.password)
        host = self.where.place.shown
        return self.where.ask(Request(method, path, host, headers, body))


def nextcloud(url: str, user: str, password: str) -> Nextcloud:
    """Name a server.

    Raises:
        Refused: the password would go over a network for everybody to read.
    """
    where = address(url)
    if not where.private:
        raise Refused(
            f"{url!r}: the password would go over the network unencrypted; "
            "use https, or run this on the server itself"
        )
    return Nextcloud(where, user, password)


def _fate(status: int) -> Fate:
    if _GOOD <= status < _REFUSED:
        return Fate.PASSED if status < _GOOD + 100 else Fate.UNCLEAR
    if _REFUSED <= status < _BROKEN and status not in _OTHER_REASONS:
        return Fate.BLOCKED
    return Fate.UNCLEAR


def _shown(answer: Answer) -> str:
    try:
        return f"{answer.status} {HTTPStatus(answer.status).phrase}"
    except ValueError:
        return str(answer.status)
