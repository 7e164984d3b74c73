"""Passwords: kept as scrypt hashes, compared in constant time.

A hash is a PHC string: ``$scrypt$ln=14,r=8,p=5$SALT$KEY``. Checking one takes some
60 ms of a processor, and as long for a name that nobody has; a right password is
remembered for a while, as a digest with a key of this process, so that each request
of a client does not cost that again.

Source: OWASP Password Storage Cheat Sheet, read 2026-11-24: N = 2^14, r = 8, p = 5.
"""

import base64
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from clearward.core.errors import Refused

_LN, _R, _P = 14, 8, 5
_MEMORY = 64 << 20  # bytes
_SALT = 16  # bytes
_KEY = 32  # bytes
_LEAST, _MOST = 8, 1024  # characters of a new password
_FORM = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)"
)
_REMEMBERED = 1024
_SECONDS = 300.0


def hashed(password: str, salt: bytes | None = None) -> str:
    """Return what is kept of a password.

    Raises:
        Refused: it is too short or too long.
    """
    if not _LEAST <= len(password) <= _MOST:
        raise Refused(f"a password has {_LEAST} to {_MOST} characters")
    salt = secrets.token_bytes(_SALT) if salt is None else salt
    key = _scrypt(password, salt, (_LN, _R, _P))
    return f"$scrypt$ln={_LN},r={_R},p={_P}${_text(salt)}${_text(key)}"


def is_right(password: str, kept: str) -> bool:
    """Say whether a password is the one of which a hash is kept."""
    found = _FORM.fullmatch(kept)
    if found is None or len(password) > _MOST:
        return False
    costs = (int(found[1]), int(found[2]), int(found[3]))
    key = _scrypt(password, _bytes(found[4]), costs)
    return hmac.compare_digest(key, _bytes(found[5]))


class Checker:
    """Checks passwords, and remembers the right ones for a while.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()
        self._nobody = hashed(secrets.token_bytes(16).hex())

    def is_right(self, password: str, kept: str | None) -> bool:
        """Say whether a password is right; one of nobody's takes as long.

        Args:
            password: as given.
            kept: the hash of it, None if there is no such user.
        """
        said = f"{kept}\0{password}".encode("utf-8", "surrogatepass")
        mark = hmac.digest(self._secret, said, hashlib.sha256)
        now = self._clock()
        with self._lock:
            if self._right.get(mark, now) > now:
                return True
        right = is_right(password, kept or self._nobody) and kept is not None
        if right:
            with self._lock:
                self._right[mark] = now + _SECONDS
                self._right.move_to_end(mark)
                while len(self._right) > _REMEMBERED:
                    self._right.popitem(last=False)
        return right


def _scrypt(password: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    ln, r, p = costs
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(
        data, salt=salt, n=1 << ln, r=r, p=p, maxmem=_MEMORY, dklen=_KEY
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
