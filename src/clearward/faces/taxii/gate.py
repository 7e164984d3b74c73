"""Who asks: Basic authentication, and a limit on wrong passwords."""

import base64
import binascii
import time
from collections.abc import Callable

from starlette.requests import Request

from clearward.faces.taxii.answers import Wrong
from clearward.intel.access.attempts import Attempts
from clearward.intel.access.passwords import Checker
from clearward.stores.intel import parties
from clearward.stores.intel.database import Database
from clearward.stores.intel.parties import User

_ASK = {"WWW-Authenticate": 'Basic realm="clearward", charset="UTF-8"'}
_MOST_FIELD = 8192  # characters
_MICROSECONDS = 1_000_000


class Gate:
    """Tells users from strangers.

    Args:
        database: of the store.
        now: seconds since 1970, for what expires.
    """

    def __init__(
        self, database: Database, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._now = now
        self._checker = Checker()
        self._attempts = Attempts()

    def user(self, request: Request) -> User:
        """Return who asks.

        Raises:
            Wrong: nobody who is known, or after too many wrong passwords.
        """
        field = request.headers.get("authorization")
        if field is None:
            raise Wrong(401, "Credentials are needed", _ASK)
        address = request.client.host if request.client else "local"
        name, password = _credentials(field)
        moment = time.monotonic()
        wait = self._attempts.wait(name, address, moment)
        if wait:
            after = {"Retry-After": str(max(1, int(wait + 1)))}
            raise Wrong(429, "Too many wrong passwords; try again later", after)
        with self._database.reading() as connection:
            user = parties.user(connection, name)
        right = self._checker.is_right(password, user.password if user else None)
        if not right or user is None or self._is_over(user):
            self._attempts.wrong(name, address, moment)
            raise Wrong(401, "The credentials are not good", _ASK)
        return user

    def _is_over(self, user: User) -> bool:
        return user.expires is not None and user.expires <= self._now() * _MICROSECONDS


def _credentials(field: str) -> tuple[str, str]:
    """Return name and password (RFC 7617); empty ones if there are none."""
    scheme, _, rest = field.partition(" ")
    if scheme.lower() != "basic" or len(field) > _MOST_FIELD:
        return "", ""
    try:
        name, _, password = (
            base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        return "", ""
    return name, password
