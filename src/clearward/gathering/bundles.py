"""Objects of STIX in a file: a bundle, an envelope of TAXII, a list, or one object."""

from collections.abc import Iterator

import msgspec

from clearward.core.errors import Refused
from clearward.gathering.taking import NotTaken, Offered
from clearward.intel.arriving import Rejected, arrived

_MOST_SHOWN = 100  # characters of an id


class _Bundle(msgspec.Struct):
    objects: list[msgspec.Raw] | msgspec.UnsetType = msgspec.UNSET
    type: str | None = None


class _Named(msgspec.Struct):
    id: str


_bundle = msgspec.json.Decoder(_Bundle)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_named = msgspec.json.Decoder(_Named)


def raw_objects(text: bytes) -> list[msgspec.Raw]:
    """Return the JSON of every object, as it stands.

    Raises:
        Refused: it is no JSON of this form.
    """
    try:
        if text.lstrip()[:1] == b"[":
            return _list.decode(text)
        read = _bundle.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Refused(f"it is no bundle of STIX: {error}") from error
    if read.objects is not msgspec.UNSET:
        return read.objects
    if read.type == "bundle":
        return []
    return [msgspec.Raw(text.strip())]


def read(text: bytes) -> Iterator[Offered]:
    """Give the objects of a file.

    Raises:
        Refused: it is no JSON of this form.
    """
    for number, raw in enumerate(raw_objects(text), 1):
        body = bytes(raw)
        try:
            yield arrived(body)
        except Rejected as error:
            yield NotTaken(_where(body, number), str(error))


def _where(body: bytes, number: int) -> str:
    try:
        return _named.decode(body).id[:_MOST_SHOWN]
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return f"object {number}"
