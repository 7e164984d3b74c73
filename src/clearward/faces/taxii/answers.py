"""What is answered: resources, envelopes and errors of TAXII, as bytes."""

from collections.abc import Iterable

import msgspec
from starlette.responses import Response

from clearward.intel.times import shortly, written
from clearward.stores.intel.pages import Page, Row

MEDIA_TYPE = "application/taxii+json;version=2.1"
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Wrong(Exception):
    """A request that is answered with an error.

    Attributes:
        status: of HTTP.
        why: for whoever asked; tells nothing that he may not know.
        fields: of the header besides.
    """

    def __init__(
        self, status: int, why: str, fields: dict[str, str] | None = None
    ) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.fields = fields or {}


def answer(
    body: bytes, status: int = 200, fields: dict[str, str] | None = None
) -> Response:
    """Return an answer with the media type that every answer has."""
    said = {"Content-Type": MEDIA_TYPE, **_SAFE, **(fields or {})}
    return Response(body, status, headers=said)


def resource(said: object, status: int = 200) -> Response:
    """Return a resource as JSON."""
    return answer(msgspec.json.encode(said), status)


def error(wrong: Wrong) -> Response:
    """Return an error message (TAXII 2.1, section 3.6.1)."""
    said = {
        "title": "ProcessingError",
        "description": wrong.why,
        "http_status": str(wrong.status),
    }
    return answer(msgspec.json.encode(said), wrong.status, wrong.fields)


def dates(page: Page) -> dict[str, str]:
    """Return when the first and last objects of a page were added (section 3.4)."""
    if not page.rows:
        return {}
    return {
        "X-TAXII-Date-Added-First": written(page.rows[0].added),
        "X-TAXII-Date-Added-Last": written(page.rows[-1].added),
    }


def envelope(name: str, parts: Iterable[bytes], page: Page, next: str) -> Response:
    """Return a page; an empty object if there is nothing on it (section 3.7).

    Args:
        name: of the member that holds the parts.
        parts: JSON of each row.
        page: that they are of.
        next: token for the page behind it.
    """
    joined = b",".join(parts)
    if not joined:
        return answer(b"{}")
    more = b'"more":true,"next":"%s"' % next.encode() if page.more else b'"more":false'
    body = b'{%s,"%s":[%s]}' % (more, name.encode(), joined)
    return answer(body, fields=dates(page))


def version_of(row: Row) -> str:
    """Return the version of a row; one that has none is as old as its arrival."""
    return shortly(row.version) if row.version else written(row.added)


def manifest_record(row: Row) -> bytes:
    """Return what a manifest says of a row (section 5.6)."""
    return msgspec.json.encode(
        {
            "id": row.id,
            "date_added": written(row.added),
            "version": version_of(row),
            "media_type": f"application/stix+json;version={row.spec}",
        }
    )
