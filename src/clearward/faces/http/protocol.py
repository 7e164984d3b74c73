r"""The JSON body of a scan request, without a socket and never whole in memory.

    {"object": "UEsDBBQ...", "timeout": "60000", "name": "report.docx"}

The value of the outermost member ``object`` may be a hundred megabytes, so it is given
out as it arrives. Everything else is kept, with an empty string where that value was,
and read by the standard library's reader at the end: that is what decides whether the
whole was JSON. Only strings, escapes and nesting are followed here.

Source: RFC 8259; the scan request of the Kaspersky Scan Engine, protocol version 3
(support.kaspersky.com/scanengine, articles 181169 and 193001).
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NoReturn

from clearward.core.errors import Malformed

MOST_REST = 1 << 20  # bytes of everything but the object's value
MOST_DEPTH = 100
_LONGEST_KEY = 64  # bytes, of a key that may be "object" in some way of writing it

_MARK = re.compile(rb'["{}\[\],:]')
_TEXT = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN = {
    b'"': b'"',
    b"\\": b"\\",
    b"/": b"/",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
}
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_MOST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scan request says beside its object.

    Attributes:
        seconds: the time its sender waits; None if it does not say.
        name: what it calls the object; empty if it does not say.
    """

    seconds: float | None
    name: str


class _Place(Enum):
    """Where the next byte stands."""

    BETWEEN = auto()  # outside of strings
    STRING = auto()  # in a string that is kept
    OBJECT = auto()  # in the value that is given out


class ScanRequest:
    """Turns the bytes of a body into the bytes of its object. Feed it, then finish."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._held = b""
        self._place = _Place.BETWEEN
        self._depth = 0
        self._start = 0  # of the string being kept, in the rest
        self._expects_key = False
        self._is_object = False  # the last key of the outermost object is "object"
        self._taken = 0
        self._given = False  # the value was, or is being, given out

    def receive(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they arrived, however split; yield those of the object.

        Raises:
            Malformed: it cannot be such a request any more.
        """
        held = len(self._held)
        data, self._held = self._held + data, b""
        at = 0
        while at < len(data):
            if self._place is _Place.BETWEEN:
                at = self._between(data, at)
                continue
            stop = self._end_of_text(data, at)
            text = data[at:stop]
            if self._place is _Place.OBJECT:
                yield _unescaped(text) if b"\\" in text else text
            else:
                self._keep(text)
            at = stop + len(self._held)
            if at < len(data):
                at += 1
                self._end_string()
        self._taken += len(data) - held

    def finish(self) -> Asked:
        """Say that there is no more; return what else was asked.

        Raises:
            Malformed: it was not JSON, or had no object, or members of wrong types.
        """
        try:
            members = json.loads(
                self._rest.decode("utf-8"),
                object_pairs_hook=_members,
                parse_constant=_no_constant,
            )
        except ValueError as error:
            raise self._malformed("JSON") from error
        if not isinstance(members, dict):
            raise self._malformed("JSON: it is not an object")
        if not self._given or members.get("object") != "":
            raise self._malformed("member object: it is not there, or not a string")
        name = members.get("name", "")
        if not isinstance(name, str):
            raise self._malformed("member name: it is not a string")
        return Asked(self._seconds(members.get("timeout")), name)

    def _seconds(self, timeout: object) -> float | None:
        """Read milliseconds, as a number or in a string; 0 says nothing."""
        if isinstance(timeout, str) and _NUMBER.fullmatch(timeout.strip()):
            timeout = float(timeout)
        if timeout is None:
            return None
        if isinstance(timeout, bool) or not isinstance(timeout, int | float):
            raise self._malformed("member timeout: it is no number of milliseconds")
        if not 0 <= timeout < math.inf:
            raise self._malformed("member timeout: it is no number of milliseconds")
        return min(timeout / 1000, _MOST_SECONDS) or None

    def _between(self, data: bytes, at: int) -> int:
        """Go on to the next mark of the structure and behind it."""
        found = _MARK.search(data, at)
        if found is None:
            self._keep(data[at:])
            return len(data)
        self._keep(data[at : found.end()])
        mark = found.group()
        if mark in b"{[":
            self._depth += 1
            self._expects_key = self._depth == 1
            if self._depth > MOST_DEPTH:
                raise self._malformed("JSON: it is nested too deep")
        elif mark in b"}]":
            self._depth -= 1
        elif mark == b'"':
            self._begin_string()
        elif self._depth == 1:
            self._expects_key = mark == b","
            self._is_object = self._is_object and mark == b":"
        return found.end()

    def _begin_string(self) -> None:
        wanted = self._depth == 1 and self._is_object and not self._expects_key
        self._place = _Place.OBJECT if wanted else _Place.STRING
        self._start = len(self._rest) - 1
        self._given = self._given or wanted

    def _end_string(self) -> None:
        self._keep(b'"')
        is_key = self._place is _Place.STRING and self._depth == 1
        self._place = _Place.BETWEEN
        if is_key and self._expects_key:
            key = bytes(self._rest[self._start :])
            self._is_object = len(key) <= _LONGEST_KEY and self._key(key) == "object"

    def _key(self, key: bytes) -> object:
        try:
            return json.loads(key.decode("utf-8"))
        except ValueError as error:
            raise self._malformed("JSON") from error

    def _end_of_text(self, data: bytes, at: int) -> int:
        """Where the text of a string ends; hold back an escape that is cut in two."""
        quote = data.find(b'"', at)
        if data.find(b"\\", at, quote if quote >= 0 else len(data)) < 0:
            return quote if quote >= 0 else len(data)
        found = _TEXT.match(data, at)
        stop = found.end() if found else at
        if data[stop : stop + 1] == b'"':
            return stop
        # Either a lone backslash is left, or the last digits of an escape may be.
        last = data.rfind(b"\\u", max(at, stop - 5), stop)
        if last >= 0 and stop == len(data):
            head = data[at : last + 1]
            if (len(head) - len(head.rstrip(b"\\"))) % 2:
                stop = last
        self._held = data[stop:]
        return stop

    def _keep(self, data: bytes) -> None:
        self._rest += data
        if len(self._rest) > MOST_REST:
            raise self._malformed("JSON: too much stands beside the object")

    def _malformed(self, field: str) -> Malformed:
        return Malformed("scan request", self._taken, field)


def _unescaped(text: bytes) -> bytes:
    """Resolve escapes; halves of a surrogate pair stay halves."""
    if b"\\\\" not in text:
        text = text.replace(b"\\/", b"/")  # what most writers of base64 escape
        if b"\\" not in text:
            return text
    return _ESCAPE.sub(_one, text)


def _one(escape: re.Match[bytes]) -> bytes:
    digits, letter = escape.groups()
    if digits:
        return chr(int(digits, 16)).encode("utf-8", errors="surrogatepass")
    plain = _PLAIN.get(letter)
    if plain is None:
        raise Malformed("scan request", escape.start(), "escape")
    return plain


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object; a name that is there twice is ambiguous."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
