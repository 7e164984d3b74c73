"""The resources of TAXII, by their paths (TAXII 2.1, section 1.6.1).

/taxii2/                                        discovery
/ROOT/                                          an API root
/ROOT/status/ID/                                what became of a POST
/ROOT/collections/                              collections
/ROOT/collections/ID/                           one of them
/ROOT/collections/ID/manifest/                  what is in it
/ROOT/collections/ID/objects/                   its objects; POST adds some
/ROOT/collections/ID/objects/OBJECT/            one of them; DELETE removes it
/ROOT/collections/ID/objects/OBJECT/versions/   its versions
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clearward.core.errors import ClearwardError, Refused
from clearward.faces.taxii import answers, asking, desk
from clearward.faces.taxii.answers import Wrong
from clearward.faces.taxii.gate import Gate
from clearward.intel.arriving import is_deep
from clearward.stores.intel import collections
from clearward.stores.intel.collections import Collection
from clearward.stores.intel.database import Database
from clearward.stores.intel.parties import User
from clearward.stores.intel.wanted import ALL, LAST, Wanted

MOST_BODY = 100 << 20  # bytes
_COLLECTION = "/{root}/collections/{collection}"
_OBJECT = _COLLECTION + "/objects/{object}"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server answers.

    Attributes:
        page: most objects of one answer.
    """

    page: int = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody who is known.

    Attributes:
        request: it.
        user: who asks.
        body: of it.
    """

    request: Request
    user: User
    body: bytes = b""

    def __getitem__(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    @property
    def query(self) -> dict[str, str]:
        """The words behind the path."""
        return dict(self.request.query_params)


class Resources:
    """Answers to what is asked.

    Args:
        database: of the store.
        settings: of the server.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._tokens = asking.Tokens(desk.secret(database))

    def discovery(self, asked: Asked) -> Response:
        """Say which API roots there are (section 4.1)."""
        base = f"{asked.request.url.scheme}://{asked.request.url.netloc}"
        with self._database.reading() as connection:
            said = collections.discovery(connection) or {"title": "clearward"}
            names = collections.all_roots(connection)
        told = list(said.get("api_roots", []))
        ends = {one.rstrip("/").rpartition("/")[2] for one in told}
        told += [f"{base}/{name}/" for name in names if name not in ends]
        return answers.resource({**said, "api_roots": told})

    def root(self, asked: Asked) -> Response:
        """Say what an API root is (section 4.2)."""
        with self._database.reading() as connection:
            said = desk.root(connection, asked["root"])
        usual = {"versions": [answers.MEDIA_TYPE], "max_content_length": MOST_BODY}
        return answers.resource({**usual, **said})

    def status(self, asked: Asked) -> Response:
        """Say what became of a POST (section 4.3)."""
        with self._database.reading() as connection:
            desk.root(connection, asked["root"])
            body = desk.status(connection, asked.user, asked["root"], asked["status"])
        return answers.answer(body)

    def collections(self, asked: Asked) -> Response:
        """Say which collections there are (section 5.1)."""
        with self._database.reading() as connection:
            found = desk.collections_of(connection, asked.user, asked["root"])
        told = [desk.described(asked.user, one) for one in found]
        return answers.resource({"collections": told} if told else {})

    def collection(self, asked: Asked) -> Response:
        """Say what a collection is (section 5.2)."""
        with self._database.reading() as connection:
            found = self._found(connection, asked)
        return answers.resource(desk.described(asked.user, found))

    def objects(self, asked: Asked) -> Response:
        """Give a page of objects (sections 5.4 and 5.6)."""
        return self._page(asked, "objects")

    def manifest(self, asked: Asked) -> Response:
        """Give a page of what is known of objects (section 5.3)."""
        return self._page(asked, "manifest")

    def versions(self, asked: Asked) -> Response:
        """Give a page of versions of an object (section 5.8)."""
        return self._page(asked, "versions")

    def add(self, asked: Asked) -> Response:
        """Put objects in (section 5.5)."""
        with self._database.reading() as connection:
            into = self._found(connection, asked)
        if not self._writes(asked.user, into):
            raise Wrong(403, "You may not write to this collection")
        asking.check_content(asked.request.headers.get("content-type"))
        if is_deep(asked.body) or b'"objects"' not in asked.body:
            raise Wrong(422, desk.UNREADABLE)
        said = desk.take(self._database, asked.user, into, asked.body, asked["root"])
        return answers.resource(said, 202)

    def remove(self, asked: Asked) -> Response:
        """Take an object out (section 5.7)."""
        with self._database.reading() as connection:
            there = self._found(connection, asked)
        if not self._writes(asked.user, there) or not there.is_read_by(
            asked.user.number
        ):
            raise Wrong(403, "You may not remove from this collection")
        names = ("match[version]", "match[spec_version]")
        query = {name: one for name, one in asked.query.items() if name in names}
        wanted = self._wanted(asked, query, there, usually=ALL)
        desk.delete(self._database, asked.user, wanted)
        return answers.answer(b"")

    def _found(self, connection: Connection, asked: Asked) -> Collection:
        return desk.collection(
            connection, asked.user, asked["root"], asked["collection"]
        )

    @staticmethod
    def _writes(user: User, into: Collection) -> bool:
        return into.is_written_by(user.number, writes=user.may_write)

    def _wanted(
        self, asked: Asked, query: dict[str, str], there: Collection, *, usually: str
    ) -> Wanted:
        id = asked.request.path_params.get("object")
        most = self._settings.page
        return asking.wanted(query, there.number, most, id=id, usually=usually)

    def _page(self, asked: Asked, kind: str) -> Response:
        with self._database.reading() as connection:
            found = self._found(connection, asked)
            if not found.is_read_by(asked.user.number):
                raise Wrong(403, "You may not read this collection")
            usually = ALL if kind == "versions" else LAST
            wanted = self._wanted(asked, asked.query, found, usually=usually)
            bound = asking.bound(asked.user.number, asked.request.url.path, asked.query)
            wanted = self._behind(wanted, asked.query.get("next"), bound)
            there = desk.standing(connection, asked.user)
            page = desk.one_page(there, wanted, bodies=kind == "objects")
            if "object" in asked.request.path_params and not page.rows:
                self._check_there(there, wanted)
            if kind == "objects":
                parts = list(desk.bodies(there, page))
            elif kind == "manifest":
                parts = [answers.manifest_record(row) for row in page.rows]
            else:
                parts = [
                    b'"%s"' % answers.version_of(row).encode() for row in page.rows
                ]
        name = "versions" if kind == "versions" else "objects"
        last = page.rows[-1].added if page.rows else 0
        return answers.envelope(name, parts, page, self._tokens.make(bound, last))

    def _behind(self, wanted: Wanted, token: str | None, bound: str) -> Wanted:
        if token is None:
            return wanted
        try:
            last = self._tokens.read(bound, token)
        except Refused as error:
            raise Wrong(400, str(error)) from error
        return asking.behind(wanted, last)

    @staticmethod
    def _check_there(there: desk.Standing, wanted: Wanted) -> None:
        """An object of which no version fits is there; one that is hidden is not."""
        anything = Wanted(wanted.collection, wanted.ids, versions=(ALL,), limit=1)
        either = asking.any_spec(anything)
        if not desk.one_page(there, either, bodies=False).rows:
            raise Wrong(404, "There is no such object")


Answering = Callable[[Asked], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def build(database: Database, settings: Settings) -> Starlette:
    """Return the application."""
    gate = Gate(database)
    here = Resources(database, settings)

    def endpoint(**methods: Answering) -> Endpoint:
        async def answered(request: Request) -> Response:
            try:
                return await _answered(gate, request, methods)
            except Wrong as wrong:
                return answers.error(wrong)
            except ClearwardError:
                return answers.error(Wrong(503, "The server cannot answer now"))

        return answered

    ways: list[tuple[str, Endpoint]] = [
        ("/taxii2", endpoint(GET=here.discovery)),
        ("/{root}", endpoint(GET=here.root)),
        ("/{root}/status/{status}", endpoint(GET=here.status)),
        ("/{root}/collections", endpoint(GET=here.collections)),
        (_COLLECTION, endpoint(GET=here.collection)),
        (f"{_COLLECTION}/manifest", endpoint(GET=here.manifest)),
        (f"{_COLLECTION}/objects", endpoint(GET=here.objects, POST=here.add)),
        (f"{_OBJECT}", endpoint(GET=here.objects, DELETE=here.remove)),
        (f"{_OBJECT}/versions", endpoint(GET=here.versions)),
        ("/{rest:path}", endpoint()),
    ]
    verbs = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    routes = [
        Route(path, ask, methods=verbs)
        for way, ask in ways
        for path in ((way, f"{way}/") if "{rest" not in way else (way,))
    ]
    return Starlette(routes=routes)


async def _answered(
    gate: Gate, request: Request, methods: dict[str, Answering]
) -> Response:
    user = await run_in_threadpool(gate.user, request)
    answering = methods.get("GET" if request.method == "HEAD" else request.method)
    if answering is None:
        if not methods:
            raise Wrong(404, "There is no such resource")
        allowed = {"Allow": ", ".join(sorted({*methods, "HEAD"}))}
        raise Wrong(405, "The method is not one of this resource", allowed)
    asking.check_accept(request.headers.get("accept"))
    body = await _body(request) if request.method == "POST" else b""
    return await run_in_threadpool(answering, Asked(request, user, body))


async def _body(request: Request) -> bytes:
    """Read a body up to a bound."""
    too_large = Wrong(413, f"A body has at most {MOST_BODY} bytes")
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length[:18]) > MOST_BODY:
        raise too_large
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > MOST_BODY:
            raise too_large
    return bytes(pieces)
