"""The address of a token, or of a key in it, as RFC 7512 writes it.

    pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/module.so&pin-source=file:/path

    pkcs11:ATTRIBUTE;ATTRIBUTE...?ATTRIBUTE&ATTRIBUTE...    each NAME=VALUE

What is not known here is refused: it may narrow down what is meant. A PIN is refused,
as a command line is seen by everybody on the machine.

Source: RFC 7512, sections 2.3 and 2.4.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from typing_extensions import override

from clearward.core.errors import Refused

SCHEME = "pkcs11:"
_PATH = frozenset(["token", "serial", "object", "type"])
_QUERY = frozenset(["module-path", "pin-source"])
_PIN = "pin-value"
_FILE = re.compile(r"(?:file:(?://(?:localhost)?)?)?(/(?!/).*)", re.DOTALL)
_VALUE = re.compile(r"(?:[^%\x00-\x20\x7f-\uffff]|%[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Which token, and how to reach it.

    Attributes:
        token: its label.
        module: path of the library that speaks with it.
        serial: number of the token; empty if its label is enough.
        label: of a key in it; empty for all.
        pin_file: path of a file whose first line is the PIN; empty if it is asked for.
    """

    token: str
    module: str
    serial: str = ""
    label: str = ""
    pin_file: str = ""

    @override
    def __str__(self) -> str:
        return f"token {self.token}"

    @classmethod
    def parse(cls, text: str) -> "TokenAddress":
        """Read an address.

        Raises:
            Refused: it is none, or has what is not used here. The message never has a
                PIN.
        """
        path, _, query = text.removeprefix(SCHEME).partition("?")
        if not text.startswith(SCHEME):
            raise Refused("the address of a token begins with pkcs11:")
        found = _attributes(path, ";", _PATH) | _attributes(query, "&", _QUERY)
        if found.get("type", "private") != "private":
            raise Refused("pkcs11: type: keys that sign are private")
        for name, example in (("token", "NAME"), ("module-path", "/usr/lib/module.so")):
            if not found.get(name):
                raise Refused(f"pkcs11: {name} is missing, as in {name}={example}")
        return cls(
            found["token"],
            _absolute("module-path", found["module-path"]),
            found.get("serial", ""),
            found.get("object", ""),
            _absolute("pin-source", found["pin-source"])
            if "pin-source" in found
            else "",
        )


def _attributes(text: str, between: str, known: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in filter(None, text.split(between)):
        name, equals, value = one.partition("=")
        if name == _PIN:
            raise Refused(
                "pkcs11: a PIN in an address is seen by others: "
                "use pin-source=file:/path, CLEARWARD_PIN, or type it"
            )
        if name not in known or not equals:
            shown = name if re.fullmatch(r"[a-z-]{1,20}", name) else "an attribute"
            raise Refused(f"pkcs11: {shown} is not used here")
        if name in found:
            raise Refused(f"pkcs11: {name} is there twice")
        found[name] = _value(name, value)
    return found


def _value(name: str, text: str) -> str:
    try:
        value = unquote_to_bytes(text).decode("utf-8")
    except UnicodeError as error:
        raise Refused(f"pkcs11: {name} is not in UTF-8") from error
    if not _VALUE.fullmatch(text) or "\0" in value:
        raise Refused(f"pkcs11: {name}: write other characters as %XX")
    return value


def _absolute(name: str, value: str) -> str:
    found = _FILE.fullmatch(value)
    if found is None or (name == "module-path" and not value.startswith("/")):
        raise Refused(f"pkcs11: {name}: a path that begins with a slash")
    return found[1]
