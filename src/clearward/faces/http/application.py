"""The application: which path is answered by what, and who may ask for it."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from clearward.faces.http import description
from clearward.faces.http.answers import ANSWERED, answer_error
from clearward.faces.http.gate import Caller
from clearward.faces.http.kaspersky import Kaspersky
from clearward.faces.http.office import Office
from clearward.faces.http.outermost import Outermost
from clearward.faces.http.rest import Rest
from clearward.faces.http.standing import Standing
from clearward.faces.http.tokens import Scope

VERSIONS = ("v3.0", "v3.1")

Handler = Callable[[Request, Caller], Awaitable[Response]]
Open = Callable[[Request], Awaitable[Response]]


def build(office: Office) -> ASGIApp:
    """Return the whole application."""

    async def failed(request: Request, error: Exception) -> Response:
        answer = await answer_error(request, error)
        office.service.metrics.refused("http")
        return answer

    inner = Starlette(
        routes=_routes(office),
        exception_handlers=dict.fromkeys((HTTPException, *ANSWERED, Exception), failed),
    )
    inner.router.redirect_slashes = False
    return Outermost(inner, office.service)


def _routes(office: Office) -> list[Route]:
    standing, rest = Standing(office), Rest(office)

    def get(path: str, handler: Handler, scope: Scope) -> Route:
        return Route(path, _guarded(office, handler, scope), methods=["GET"])

    def post(path: str, handler: Handler, scope: Scope) -> Route:
        return Route(path, _guarded(office, handler, scope), methods=["POST"])

    return [
        Route("/readyz", standing.ready, methods=["GET"]),
        Route("/v1/health", standing.health, methods=["GET"]),
        Route("/openapi.json", description.answer, methods=["GET"]),
        get("/metrics", standing.metrics, Scope.METRICS),
        post("/v1/scan", rest.scan, Scope.SCAN),
        get("/v1/rules", rest.rules, Scope.READ),
        post("/v1/reload", rest.reload, Scope.ADMIN),
        *_kaspersky(Kaspersky(office), get, post),
    ]


def _kaspersky(
    face: Kaspersky,
    get: Callable[[str, Handler, Scope], Route],
    post: Callable[[str, Handler, Scope], Route],
) -> list[Route]:
    routes = []
    for version in VERSIONS:
        base = f"/api/{version}"
        routes += [
            post(f"{base}/scanmemory", face.scan_memory, Scope.SCAN),
            post(f"{base}/scanfile", face.scan_file, Scope.FILES),
            post(f"{base}/checkurl", face.check_url, Scope.SCAN),
            get(f"{base}/version", face.version, Scope.READ),
            get(f"{base}/basesdate", face.bases_date, Scope.READ),
            get(f"{base}/licenseinfo", face.license_info, Scope.READ),
            get(f"{base}/getstatistics", face.statistics, Scope.READ),
        ]
    return routes


def _guarded(office: Office, handler: Handler, scope: Scope) -> Open:
    async def endpoint(request: Request) -> Response:
        return await handler(request, office.gate.admit(request, scope))

    return endpoint
