"""Who may ask for what: tokens with scopes, from a file that an operator writes.

    # NAME:SCOPES:SHA-256 of the token, hexadecimal
    cloud:scan:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    admin:scan,files,read,metrics,admin:60303ae22b998861bce3b28f33eec1be758a213c86c93c0...

A line without a colon is a token itself, which allows everything but `admin`; a file
with such lines is a secret. Other lines hold no token, only what recognises it. It has
to be long and random, so one round of SHA-256 is enough: there is nothing to guess.
"""

import hashlib
import hmac
import os
import re
import stat
from dataclasses import dataclass
from enum import StrEnum

from clearward.core.errors import Refused
from clearward.faces.text import escaped

_LINE = re.compile(r"([A-Za-z0-9_.-]{1,64}):([a-z,]{1,64}):([0-9a-f]{64})")
_PLAIN = re.compile(r"[A-Za-z0-9._~+/=-]{8,512}")  # RFC 6750, section 2.1
_MOST = 1 << 20  # bytes of a file
_SCHEMES = ("bearer ", "token ")


class Scope(StrEnum):
    """What a token allows."""

    SCAN = "scan"  # bytes in the request
    FILES = "files"  # files on this machine, in folders that were named
    READ = "read"  # rules, version, statistics
    METRICS = "metrics"
    ADMIN = "admin"  # reload


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Token:
    """One line of the file.

    Attributes:
        name: whose it is; it is written to logs.
        scopes: what it allows.
        digest: SHA-256 of it, hexadecimal.
    """

    name: str
    scopes: frozenset[Scope]
    digest: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens that are good."""

    tokens: tuple[Token, ...]

    def find(self, header: str) -> Token | None:
        """Return the token that a header ``Authorization`` carries, if it is one.

        ``Bearer`` and ``Token`` may stand in front, or nothing, as the Kaspersky Scan
        Engine's clients send it. Every token is compared, in constant time.
        """
        given = header.strip()
        for scheme in _SCHEMES:
            if given.lower().startswith(scheme):
                given = given[len(scheme) :].strip()
                break
        digest = hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()
        good = None
        for token in self.tokens:
            if hmac.compare_digest(token.digest, digest):
                good = token
        return good


def read_tokens(path: str) -> Tokens:
    """Read a token file.

    Raises:
        Refused: it cannot be read, everybody may write it, or a line is no token.
    """
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_mode & stat.S_IWOTH:
                raise Refused(f"{escaped(path)}: everybody may write this token file")
            text = file.read(_MOST).decode("ascii")
    except OSError as error:
        raise Refused(f"{escaped(path)}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{escaped(path)}: a token file is plain ASCII") from error
    return parse_tokens(text, escaped(path))


def parse_tokens(text: str, place: str) -> Tokens:
    """Read the lines of a token file.

    Args:
        text: the lines.
        place: what to call the file.

    Raises:
        Refused: a line is no token, a name or a token is there twice, or there is none.
    """
    tokens: dict[str, Token] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        token = _token(line.strip(), number)
        if token is None:
            raise Refused(
                f"{place}:{number}: a line is NAME:SCOPES:SHA256, scopes are "
                f"{', '.join(Scope)}; or it is a token of at least 8 characters"
            )
        known = {one.digest for one in tokens.values()}
        if token.name in tokens or token.digest in known:
            raise Refused(f"{place}:{number}: this name or token is there twice")
        tokens[token.name] = token
    if not tokens:
        raise Refused(f"{place}: there is no token in it")
    return Tokens(tuple(tokens.values()))


def _token(line: str, number: int) -> Token | None:
    """Read one line; None if it is no token."""
    if _PLAIN.fullmatch(line):
        digest = hashlib.sha256(line.encode("ascii")).hexdigest()
        return Token(f"line{number}", ALL_SCOPES - {Scope.ADMIN}, digest)
    found = _LINE.fullmatch(line)
    words = set(found.group(2).split(",")) if found else {""}
    if found is None or not words <= set(Scope):
        return None
    return Token(found[1], frozenset(Scope(word) for word in words), found[3])
