"""The PIN of a token: from a file, from CLEARWARD_PIN, or typed on a terminal."""

import os
import sys
from getpass import getpass

from clearward.core.errors import Refused
from clearward.faces.text import escaped
from clearward.publishing.key_places import Finder
from clearward.publishing.token_address import TokenAddress

_VARIABLE = "CLEARWARD_PIN"
_MOST = 256  # bytes of a PIN


def finder() -> Finder:
    """Return what finds keys for one command."""
    return Finder(os.environ, Pins().of, {})


class Pins:
    """What is asked for PINs while a command runs."""

    def __init__(self) -> None:
        self._given = ""

    def of(self, address: TokenAddress) -> str:
        """Return the PIN of a token.

        The one of the environment is for one token: tried on another it would bring
        that one nearer to its lock.

        Raises:
            Refused: there is none.
        """
        if address.pin_file:
            return _read(address.pin_file)
        if os.environ.get(_VARIABLE):
            if self._given:
                raise Refused(
                    f"{address}: {_VARIABLE} is the PIN of the {self._given}: "
                    "add pin-source=file:/path"
                )
            self._given = str(address)
            return _checked(os.environ[_VARIABLE], _VARIABLE)
        return _typed(address)


def _typed(address: TokenAddress) -> str:
    if not sys.stdin.isatty():
        raise Refused(
            f"{address}: no PIN: add pin-source=file:/path, or set {_VARIABLE}"
        )
    try:
        typed = getpass(f"PIN of the {escaped(str(address))}: ", sys.stderr)
    except EOFError as error:
        raise Refused(f"{address}: no PIN was typed") from error
    return _checked(typed, str(address))


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST + 2)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return _checked(data.decode("utf-8").partition("\n")[0].rstrip("\r"), path)
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: no PIN in UTF-8") from error


def _checked(pin: str, where: str) -> str:
    if not 0 < len(pin) <= _MOST:
        raise Refused(f"{where}: no PIN of 1 to {_MOST} characters")
    return pin
