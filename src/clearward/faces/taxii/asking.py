"""What a request asks for: media types, filters and pages, read from its words."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import replace

from clearward.core.errors import Refused
from clearward.faces.taxii.answers import Wrong
from clearward.intel.times import microseconds
from clearward.stores.intel.wanted import ALL, FIRST, LAST, Wanted

_TAXII = re.compile(
    r"application/taxii\+json(;version=2\.1)?(;q=[0-9.]+)?", re.IGNORECASE
)
_ANY = re.compile(r"(\*/\*|application/\*)(;q=[0-9.]+)?")
_MOST_LISTED = 1000  # values of one filter
_MOST_LIMIT = 18  # digits
_MAC = 16  # bytes
_FILTERS = ("match[id]", "match[type]", "match[version]", "match[spec_version]")


def check_accept(field: str | None) -> None:
    """Check what a client takes (TAXII 2.1, section 1.6.8).

    Raises:
        Wrong: it takes no TAXII 2.1.
    """
    for one in (field or "").replace(" ", "").split(","):
        if _TAXII.fullmatch(one) or _ANY.fullmatch(one):
            return
    raise Wrong(406, "The media type in the Accept header is not one that is served")


def check_content(field: str | None) -> None:
    """Check what a client sends.

    Raises:
        Wrong: it sends no TAXII 2.1.
    """
    if not _TAXII.fullmatch((field or "").replace(" ", "")):
        raise Wrong(415, "The media type in the Content-Type header is not supported")


def wanted(
    query: Mapping[str, str],
    collection: int,
    most: int,
    *,
    id: str | None = None,
    usually: str = LAST,
) -> Wanted:
    """Return what the filters of a request ask for (section 3.4).

    Args:
        query: of the request.
        collection: its number.
        most: objects on a page.
        id: of the one object that is asked for.
        usually: the versions without a filter.

    Raises:
        Wrong: a filter cannot be read.
    """
    listed = {name: _listed(query.get(name)) for name in _FILTERS}
    ids = listed["match[id]"]
    if id is not None:
        ids = (id,) if not ids or id in ids else ("",)
    return Wanted(
        collection,
        ids=ids,
        types=listed["match[type]"],
        specs=listed["match[spec_version]"],
        versions=tuple(map(_version, listed["match[version]"])) or (usually,),
        after=_time(query["added_after"]) if "added_after" in query else None,
        limit=_limit(query.get("limit"), most),
    )


def _listed(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    values = tuple(sorted({one.strip() for one in text.split(",")}))
    if len(values) > _MOST_LISTED:
        raise Wrong(400, "A filter names too many values")
    return values


def _version(text: str) -> str | int:
    return text if text in {FIRST, LAST, ALL} else _time(text)


def _time(text: str) -> int:
    try:
        return microseconds(text)
    except ValueError as error:
        raise Wrong(400, "A time in the request is no timestamp") from error


def _limit(text: str | None, most: int) -> int:
    if text is None:
        return most
    if (
        not text.isascii()
        or not text.isdigit()
        or len(text) > _MOST_LIMIT
        or not int(text)
    ):
        raise Wrong(400, "The limit is not a positive number")
    return min(int(text), most)


def behind(wanted: Wanted, last: int) -> Wanted:
    """Return what is wanted behind the last object of a page."""
    return replace(wanted, after=max(last, wanted.after or last))


def any_spec(wanted: Wanted) -> Wanted:
    """Return the same of all versions of STIX."""
    return replace(wanted, specs=("2.0", "2.1"))


class Tokens:
    """Tokens of the next page, each good for one user and one question.

    Args:
        secret: that they are made with, 32 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, bound: str, last: int) -> str:
        """Return the token of what is behind an object.

        Args:
            bound: what it is good for.
            last: when the last object was added.
        """
        said = last.to_bytes(8, "big", signed=True)
        return (
            base64.urlsafe_b64encode(self._mac(bound, said) + said).decode().rstrip("=")
        )

    def read(self, bound: str, token: str) -> int:
        """Return when the last object before was added.

        Raises:
            Refused: it is not one of ours, or for something else.
        """
        wrong = Refused("The token of the next page is not good for this request")
        try:
            data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as error:
            raise wrong from error
        mac, said = data[:_MAC], data[_MAC:]
        if not hmac.compare_digest(mac, self._mac(bound, said)):
            raise wrong
        return int.from_bytes(said, "big", signed=True)

    def _mac(self, bound: str, said: bytes) -> bytes:
        text = len(bound).to_bytes(4, "big") + bound.encode() + said
        return hmac.digest(self._secret, text, hashlib.sha256)[:_MAC]


def bound(user: int, resource: str, query: Mapping[str, str]) -> str:
    """Return what a token is bound to: who asks what, but not how much at once."""
    filters = {
        name: sorted(value.split(","))
        for name, value in query.items()
        if name not in {"limit", "next"}
    }
    return json.dumps([user, resource, filters], sort_keys=True)
